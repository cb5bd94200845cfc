enum EngineHostTestsRoom {}
