import Testing

@testable import scry

@Suite("JSON schemas")
struct JSONSchemaTests {
    @Test(
        "What does not match is named",
        arguments: [
            (#"{"type":"object","required":["a"]}"#, "{}", "it has no \"a\"."),
            (
                #"{"properties":{"a":{"type":["integer","null"]}}}"#, #"{"a":1.5}"#,
                ".a is a number, not a integer or null."
            ),
            (#"{"items":{"enum":["x",2]}}"#, #"["x",3]"#, "[1] is none of the values that the schema lists."),
            (
                #"{"additionalProperties":false,"properties":{"a":true}}"#, #"{"a":1,"b":2}"#,
                "it has \"b\", which the schema does not know."
            ),
            (#"{"minimum":2}"#, "1", "it is less than 2.0."),
            (#"{"exclusiveMaximum":2}"#, "2", "it is not less than 2.0."),
            (#"{"multipleOf":0.1}"#, "0.25", "it is no multiple of 0.1."),
            (#"{"maxLength":2}"#, "\"äöü\"", "it is longer than 2 characters."),
            (#"{"pattern":"^[a-z]+$"}"#, "\"A1\"", "it does not match the pattern ^[a-z]+$."),
            (#"{"minItems":1,"uniqueItems":true}"#, "[1,1]", "it has the same item twice."),
            (#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1", "it matches none of anyOf."),
            (#"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "3", "it matches 2 of oneOf, not one."),
            (#"{"not":{"const":null}}"#, "null", "it matches what the schema excludes."),
            (
                ##"{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"next":{"$ref":"#/$defs/n"},"v":{"type":"integer"}}}}}"##,
                #"{"next":{"next":{"v":"x"}}}"#, ".next.next.v is a string, not a integer."
            ),
            (##"{"$ref":"#"}"##, "1", "it is nested too deeply."),
            (#"{"$ref":"http://x/y"}"#, "1", "the schema refers to http://x/y, which it does not have."),
        ])
    func problems(_ schema: String, _ answer: String, _ problem: String) throws {
        #expect(try JSONSchema(schema, named: "s").problem(inAnswer: answer) == problem)
    }

    @Test(
        "What matches is taken, also in a fence",
        arguments: [
            (#"{}"#, "1"), (#"{"type":"integer"}"#, "3.0"), (#"{"multipleOf":0.1}"#, "0.3"),
            (#"{"type":"object"}"#, "```json\n{}\n```\n"),
            (#"{"const":{"a":[1,true]}}"#, #"{"a":[1,true]}"#),
            (#"{"prefixItems":[{"type":"string"}],"items":{"type":"number"}}"#, #"["a",1]"#),
            (#"{"title":"unknown words are notes","format":"date"}"#, "\"x\""),
        ])
    func matches(_ schema: String, _ answer: String) throws {
        #expect(try JSONSchema(schema, named: "s").problem(inAnswer: answer) == nil)
    }

    @Test("What is no JSON and no schema is said", arguments: ["", "[]", "true", "{", "{\"a\":}"])
    func noSchema(_ text: String) {
        #expect { try JSONSchema(text, named: "s") } throws: { ($0 as? CommandFailure)?.status == .usage }
    }

    @Test("Answers that are nested without end are no JSON")
    func deep() throws {
        let schema = try JSONSchema("{}", named: "s")
        #expect(schema.problem(inAnswer: String(repeating: "[", count: 50_000)) == "it is no JSON.")
    }
}
