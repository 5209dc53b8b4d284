/** A change whose answer did not come. */
import assert from "node:assert/strict";
import { autocom } from "../support/harness.ts";
import { asking, gone, test } from "../support/api/asking.ts";
import { order } from "../support/scripted.ts";
import { answering, raw } from "../support/api/server.ts";

const ORDER = order();
const MUTATION = "orders update-status 01J00000000000000000000001 shipped --yes";
test("FT-37: a change whose connection broke may have been carried out: its request id, and how to find out", async () => {
  const kinds: [answer: (connection: Deno.TcpConn) => Promise<void>, code: number, said: string][] = [
    [answering(""), 10, "the connection to \\S+ broke off"],
    [answering("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), 11, "the answer of \\S+ was cut off"],
    [answering("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), 11, "http:\\S+ is not available: status 502"],
    [
      answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
      11,
      "http:\\S+ answered with JSON of another shape .*",
    ],
    [answering("SSH-2.0\r\n"), 11, "what \\S+ answered is not HTTP"],
    [() => Promise.resolve(), 10, "\\S+ did not answer within 1\\.5 s"],
  ];
  for (const [answer, code, said] of kinds) {
    let id = "";
    let sent = 0;
    await using server = raw(async (connection) => {
      const bytes = new Uint8Array(8_192);
      let text = "";
      while (!/\r\n\r\n.*}(\r\n0\r\n\r\n)?$/s.test(text)) {
        text += new TextDecoder().decode(bytes.subarray(0, (await connection.read(bytes))!));
      }
      const isChange = text.includes("mutation");
      if (isChange) [sent, id] = [sent + 1, /^x-request-id: (\S+)/im.exec(text)![1]!];
      const order = { ...ORDER, order_number: "ORD-1", status: "confirmed" };
      const brief = JSON.stringify({ data: { order } });
      const found = `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${brief.length}\r\n\r\n${brief}`;
      const read = {
        read: () => Promise.resolve(0),
        write: connection.write.bind(connection),
        close: () => connection.close(),
      };
      await (isChange ? answer : answering(found))(read as unknown as Deno.TcpConn);
    });
    await using w = await asking(`http://127.0.0.1:${server.port}`);
    const err = (text: string) => {
      const may = "; the change may have been carried out";
      const hint =
        `find out before you try again: look at what it changes; with admin.audit_log: autocom audit list --request-id ${id}`;
      assert.match(text, new RegExp(`^error: cannot .*: ${said}${may} \\(request ${id}\\)\nhint: ${hint}\n$`, "m"));
    };
    await autocom(`${MUTATION} --timeout 1.5`, { code, err }, w);
    assert.equal(sent, 1, "a change is sent once");
  }
});

test("FT-37: a change that was never sent does not say that it may have been carried out", async () => {
  await using w = await asking(`http://127.0.0.1:${gone()}`);
  await autocom(MUTATION, {
    code: 10,
    err: (text) => assert.ok(/refused/.test(text) && !/carried out/.test(text), text),
  }, w);
});
