"""Mail and jobs."""
