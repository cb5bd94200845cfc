enum EngineClientRoom {}
