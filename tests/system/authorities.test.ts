import assert from "node:assert/strict";
import { authorities } from "../../src/system/authorities.ts";
import { snapshot } from "../../src/system/environment.ts";
import { AppError } from "../../src/errors.ts";
import { authority } from "../support/binary/authority.ts";

async function within(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const isUnix = Deno.build.os !== "windows";

for (const variable of ["AUTOCOM_CA_BUNDLE", "SSL_CERT_FILE"]) {
  Deno.test(`FT-18, FT-34: what ${variable} must not name is exit 3 and says why`, async () => {
    await within(async (folder) => {
      await Deno.writeTextFile(`${folder}/empty`, "");
      await Deno.writeTextFile(`${folder}/notes`, "no certificate here\n");
      await Deno.writeTextFile(`${folder}/huge`, `-----BEGIN CERTIFICATE-----\n${"A".repeat(9 << 20)}`);
      const paths: [path: string, why: string][] = [
        [`${folder}/missing`, "there is no such file"],
        [folder, "it is not a regular file"],
        ["/etc/\ufffd.pem", "it is not UTF-8 text"],
        ["README.md", "it is not absolute, and nothing is read from the working folder"],
        [`${folder}/empty`, "it holds no PEM certificates"],
        [`${folder}/notes`, "it holds no PEM certificates"],
        [`${folder}/huge`, "it has more than 8 MiB"],
      ];
      const { cert } = authority();
      const damaged = {
        other: cert.replace(/-\n[^-]+/, "-\nbm90aGluZw==\n"),
        letters: cert.replace(/-\n../, "-\n!!"),
        cut: cert.slice(0, 200),
        hollow: cert.replace(/-\n[^-]+/, "-\n"),
        unended: cert.replace(/-----END.*/, "") + cert,
        last: cert + cert.slice(0, 200),
      };
      for (const [name, text] of Object.entries(damaged)) {
        await Deno.writeTextFile(`${folder}/${name}`, text);
        paths.push([`${folder}/${name}`, "it holds a certificate that is damaged"]);
      }
      if (isUnix) {
        assert.ok((await new Deno.Command("mkfifo", { args: [`${folder}/fifo`] }).output()).success);
        await Deno.symlink(`${folder}/fifo`, `${folder}/link`);
        paths.push([`${folder}/fifo`, "it is not a regular file"], [`${folder}/link`, "it is not a regular file"]);
        paths.push(["/dev/zero", "it is not a regular file"], ["/dev/stdin/x", "it cannot be read"]);
        paths.push([`${folder}/${"x".repeat(300)}`, "it cannot be read"], [`${folder}/a\0b`, "it cannot be read"]);
      }
      for (const [path, why] of paths) {
        await assert.rejects(authorities({ [variable]: path }), (error) => {
          assert.ok(error instanceof AppError);
          assert.equal(error.exit, 3);
          assert.equal(error.message, `cannot use ${variable} ${JSON.stringify(path)}: ${why}`);
          assert.equal(error.hint, `name a file with PEM certificates, or unset ${variable}`);
          return true;
        });
      }
    });
  });
}

Deno.test("FT-34: SSL_CERT_FILE is not looked at where the system's authorities do not count", async () => {
  assert.deepEqual(await authorities({ SSL_CERT_FILE: "/nowhere", DENO_TLS_CA_STORE: "mozilla" }), []);
});

Deno.test("FT-34: the bundle is given, the system's file is only looked at", async () => {
  await within(async (folder) => {
    const { cert } = authority();
    await Deno.writeTextFile(`${folder}/pem`, cert);
    assert.deepEqual(await authorities({ SSL_CERT_FILE: `${folder}/pem` }), []);
    assert.deepEqual(await authorities({ SSL_CERT_FILE: `${folder}/pem`, AUTOCOM_CA_BUNDLE: `${folder}/pem` }), [cert]);
  });
});

Deno.test("FT-35: certificates are taken with text around them, other line ends, and OpenSSL's own frame", async () => {
  await within(async (folder) => {
    const { cert } = authority();
    const good = {
      several: `Subject: CN=Test\n${cert}\n# another\n${cert}`,
      windows: cert.replaceAll("\n", "\r\n"),
      trusted: cert.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"),
    };
    for (const [name, text] of Object.entries(good)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
      assert.deepEqual(await authorities({ AUTOCOM_CA_BUNDLE: `${folder}/${name}` }), [text]);
    }
  });
});

Deno.test("FT-34: a variable that is set but empty is taken out of the process, where the runtime would read it", () => {
  const process = new Map([["SSL_CERT_FILE", ""], ["DENO_TLS_CA_STORE", ""], ["HOME", "/home/a"]]);
  const env = snapshot({ get: (name) => process.get(name), delete: (name) => void process.delete(name) });
  assert.deepEqual([env, [...process]], [{ HOME: "/home/a" }, [["HOME", "/home/a"]]]);
});

for (const store of ["bogus", "System", "system,mozila", "/etc/ssl"]) {
  Deno.test(`FT-34: DENO_TLS_CA_STORE=${store} is exit 3 and names the variable`, async () => {
    await assert.rejects(authorities({ DENO_TLS_CA_STORE: store }), (error) => {
      assert.ok(error instanceof AppError && error.exit === 3, String(error));
      assert.match(error.message, /^cannot use DENO_TLS_CA_STORE: it names "/);
      assert.equal(error.hint, "unset DENO_TLS_CA_STORE");
      return true;
    });
  });
}
for (const store of ["system", "mozilla", "system,mozilla", " system , mozilla "]) {
  Deno.test(`DENO_TLS_CA_STORE="${store}" is taken`, async () =>
    assert.deepEqual(await authorities({ DENO_TLS_CA_STORE: store }), []));
}
