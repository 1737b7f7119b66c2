"""`python -m schoolgate` is the console command."""

import sys

from schoolgate.config.cli import main

sys.exit(main())
