import CSystemd
import Foundation
import Glibc
import TestSupport
import Testing

@testable import PortalDesktop

@Suite(.serialized, .enabled(if: WaylandSession.pipeWireObstacle == nil, "\(WaylandSession.pipeWireObstacle ?? "")"))
struct BusTests {
    private let session: WaylandSession
    private let bus: Bus

    init() throws {
        session = try WaylandSession("--bare", "--no-pipewire")
        bus = try Bus(environment: session.environment)
    }

    @Test("asks and is answered, and says what was refused")
    func calls() async throws {
        let id = try await dbus("GetId")
        let names = try await dbus("ListNames")

        #expect(id.first?.text?.count == 32)
        #expect(names.first?.members?.contains(.string(bus.name)) == true)
        await #expect(throws: BusFailure.self) { try await dbus("NoSuchMethod") }
        let unknown = await #expect(throws: BusFailure.self) {
            try await dbus("GetNameOwner", [.string("org.scry.No")])
        }
        #expect(unknown?.isAbsent == true)
        let absent = await #expect(throws: BusFailure.self) {
            try await bus.call("org.scry.No", "/", "org.scry.No", "No", within: .seconds(5))
        }
        #expect(absent?.isAbsent == true)
    }

    @Test("hears the signals that it asked for, from the moment on in which it did")
    func signals() async throws {
        let heard = OneShot<[BusValue]>()
        let subscription = try await bus.subscribe(
            BusRule(
                sender: "org.freedesktop.DBus", interface: "org.freedesktop.DBus", member: "NameOwnerChanged",
                argument: "org.scry.Test")
        ) { heard.fulfil(.success($0.values)) }
        defer { withExtendedLifetime(subscription) {} }

        _ = try await dbus("RequestName", [.string("org.scry.Test"), .uint32(0)])

        #expect(
            try await heard.value(within: .seconds(5)) == [.string("org.scry.Test"), .string(""), .string(bus.name)])
    }

    @Test("gives up on somebody who does not answer, and is not held up meanwhile")
    func late() async throws {
        // A connection reads nothing before it is first used.
        let silent = try Bus(environment: session.environment)
        let start = ContinuousClock.now

        async let failure = #expect(throws: BusFailure.self) {
            try await bus.call(silent.name, "/", "org.scry.No", "No", within: .milliseconds(300))
        }
        _ = try await dbus("GetId")
        let meanwhile = ContinuousClock.now - start

        #expect(await failure == .late)
        #expect(meanwhile < .milliseconds(250))
        #expect(ContinuousClock.now - start < .seconds(3))
    }

    @Test("tells those who wait that the bus has ended")
    func lost() async throws {
        let silent = try Bus(environment: session.environment)
        async let failure = #expect(throws: BusFailure.self) {
            try await bus.call(silent.name, "/", "org.scry.No", "No", within: .seconds(60))
        }
        _ = try await dbus("GetId")

        session.stop()

        #expect(await failure == .disconnected)
        await #expect(throws: BusFailure.disconnected) { try await dbus("GetId") }
        #expect(await bus.isLost)
    }

    @Test("says that there is no bus at an address")
    func unreachable() {
        for environment in [
            [:], ["DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"], ["DBUS_SESSION_BUS_ADDRESS": "nonsense"],
            ["XDG_RUNTIME_DIR": "/nonexistent"],
        ] {
            #expect(throws: BusFailure.self) { try Bus(environment: environment) }
        }
    }

    @Test("carries values of every type there and back, descriptors included")
    func values() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let values: [BusValue] = [
            .bool(true), .byte(200), .int16(-3), .uint16(65_000), .int32(-70_000), .uint32(.max), .int64(.min),
            .uint64(.max), .double(1.5), .string("naïve\u{1F600}"), .path("/a/b"), .signature("a{sv}"),
            .array(of: "s", []), .array(of: "u", [.uint32(1), .uint32(2)]),
            .options([
                "one": .uint32(1),
                "nested": .options([
                    "list": .array(
                        of: "(ii)",
                        [
                            .structure([.int32(-1), .int32(2)])
                        ])
                ]),
            ]),
            .structure([.string("x"), .variant(.variant(.bool(false)))]),
            .array(of: "{us}", [.entry(.uint32(7), .string("seven"))]),
        ]

        var handle: OpaquePointer?
        sd_bus_new(&handle)
        defer { sd_bus_unref(handle) }
        sd_bus_set_address(handle, session.environment["DBUS_SESSION_BUS_ADDRESS"])
        sd_bus_set_bus_client(handle, 1)
        sd_bus_negotiate_fds(handle, 1)
        sd_bus_start(handle)
        // Descriptors can be sent only after the handshake.
        var name: UnsafePointer<CChar>?
        sd_bus_get_unique_name(handle, &name)
        var created: OpaquePointer?
        sd_bus_message_new_method_call(handle, &created, "a.b", "/", "a.b", "C")
        let message = BusMessage(taking: try #require(created))
        try message.append(values + [.descriptor(BusDescriptor(ends[0]))])
        sd_bus_message_seal(message.handle, 1, 0)
        let read = try message.values()

        #expect(Array(read.dropLast()) == values)
        let copy = try #require(read.last?.descriptor).take()
        #expect(write(ends[1], "x", 1) == 1)
        var byte: UInt8 = 0
        #expect(Glibc.read(copy, &byte, 1) == 1 && byte == UInt8(ascii: "x"))
        close(copy)
        close(ends[1])
    }

    private func dbus(_ method: String, _ values: [BusValue] = []) async throws -> [BusValue] {
        try await bus.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method, values, within: .seconds(5)
        )
    }
}
