enum EngineHostRoom {}
