"""What the course asks of its notebooks; tests/notebook_regression/ runs and compares them."""
