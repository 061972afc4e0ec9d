"""How good the answers are: test collections through the real import and the real search."""
