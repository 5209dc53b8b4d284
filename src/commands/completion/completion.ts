import { NOTHING, oneOf, verb } from "../../cli/mod.ts";
import { script, SHELLS } from "../../completion/mod.ts";

export const completion = verb({
  name: "completion",
  needs: NOTHING,
  summary: "print the completion script for your shell",
  does: "Print a script that makes your shell complete commands, options and their values. " +
    "It asks autocom at each Tab, which asks neither the network nor the keychain.",
  examples: [
    "autocom completion bash",
    "autocom completion zsh",
  ],
  args: [{ name: "shell", about: "which shell", value: oneOf("shell", SHELLS) }],
  async run(app, _given, shell) {
    await app.system.io.stdout.write(script(shell));
  },
});
