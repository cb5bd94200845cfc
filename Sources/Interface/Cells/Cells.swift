enum CellsRoom {}
