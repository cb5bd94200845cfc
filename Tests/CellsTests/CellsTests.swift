enum CellsTestsRoom {}
