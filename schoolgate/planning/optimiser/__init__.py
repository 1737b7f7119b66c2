"""Which officer covers which schools, at the least cost, with proof. Plain Python: knows no Django and no database."""
