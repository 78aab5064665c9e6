"""How people reach the graph: the command line, HTTP and its pages."""
