enum EngineClientTestsRoom {}
