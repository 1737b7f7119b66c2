"""What the measurements stand on: a throw-away server, an invented national register, clocks, tables."""
