import { denoSystem } from "../../src/system/deno.ts";
import { keychainContract } from "../contract/keychain.ts";
import { fakeSecretTool } from "./fake_secret_tool.ts";
import { gnomeKeyring, missingTools } from "./gnome_keyring.ts";

Deno.test("the emulated secret-tool meets the contract of a keychain", async (t) => {
  const spawn = fakeSecretTool();
  await keychainContract(t, {
    system: { ...denoSystem(), env: {}, spawn },
    become(state) {
      spawn.state = state;
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});

const missing = await missingTools();
if (missing.length > 0) {
  console.warn(`SKIPPED: the real GNOME Keyring is not tested, there is no ${missing.join(", ")}`);
}

Deno.test({
  name: "GNOME Keyring through secret-tool meets the contract of a keychain",
  ignore: missing.length > 0,
  async fn(t) {
    const world = await gnomeKeyring();
    try {
      await keychainContract(t, world);
    } finally {
      await world.close();
    }
  },
});
