/** Names that are no file's on Windows: Windows' own rules, https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
import assert from "node:assert/strict";
import { AppError } from "../../src/errors.ts";
import { standing } from "../../src/export/file.ts";
import { denoSystem } from "../../src/system/deno.ts";

const on = (os: "windows" | "linux") => ({
  ...denoSystem(),
  host: { os, arch: "x86_64" as const, uid: null, pid: 1 },
});

Deno.test("on Windows a device and the stream of another file are refused before anything is asked; elsewhere they are names", async () => {
  for (
    const [path, why] of [
      ["nul", /"nul" is the name of a device/],
      ["con.csv", /"con" is the name of a device/],
      ["C:\\data\\COM1.tar.gz", /"COM1" is the name of a device/],
      ["C:/data/aux .csv", /"aux" is the name of a device/],
      ["CONOUT$", /"CONOUT\$" is the name of a device/],
      ["orders 12:30.csv", /no files with ":" in their name/],
      ["C:\\data\\a.csv:stream", /no files with ":" in their name/],
      ["what?.csv", /no files with "\?" in their name/],
    ] as const
  ) {
    await assert.rejects(standing(on("windows"), path), (error) => {
      assert.ok(error instanceof AppError && error.exit === 3, String(error));
      assert.match(error.message, why);
      return true;
    });
    assert.equal(await standing(on("linux"), `/nonexistent/${path}`), undefined);
  }
  const plain = [
    "console.csv",
    "com10.csv",
    "nulls.csv",
    "C:a.csv",
    "C:\\x\\a.csv",
    "\\\\?\\C:\\x\\a.csv",
    "\\\\host\\c$\\a.csv",
  ];
  for (const path of plain) {
    assert.equal(await standing(on("windows"), path), undefined, path);
  }
});
