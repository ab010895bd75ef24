"""What is computed once and kept: cells, the code that they hang on, and who works on them."""
