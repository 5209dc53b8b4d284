import { ONLINE, verb } from "../../cli/mod.ts";

export const token = verb({
  name: "token",
  needs: ONLINE,
  examples: ["autocom auth token", 'curl -H "Authorization: Bearer $(autocom auth token)" "$URL"'],
  summary: "print the access token, for scripts",
  does: "Print the access token in use, renewed when it ends soon: alone on its line, whatever --output says. " +
    "It is a secret: whoever has it is you.",
  async run(app) {
    const { stdout } = app.system.io;
    const { token } = await app.credential();
    if (stdout.isTerminal) await app.say.warn("this is a secret, and now it is on your screen");
    await stdout.write(`${token}\n`);
  },
});
