"""Networks: a stored query and a graph go in; a networkx graph, its measures and files come out.

`reading` makes a networkx graph of a query's rows, `measures` computes values of its nodes and of
the whole, `pictures` gives it positions, sizes and colours and draws it, `files` writes it for
Gephi and other programs.
"""
