"""«Группы»: the tree of groups, registers in it and in none, rules of distribution."""
