import type { AppError } from "../../errors.ts";
import { list, type View } from "../../output/mod.ts";
import { Command, type Verb, verb } from "../verb.ts";
import { examine, type Finding } from "./examine.ts";
import { checks } from "./checks.ts";

const FINDINGS: View<Finding> = {
  columns: { CHECK: "check", STATE: "state", DETAIL: "detail", FIX: "fix" },
  fields: ["check", "state", "detail", "fix"],
};

/** `documents`: every GraphQL document of the program, by the name of its operation. */
export const doctor = (documents: () => Record<string, string>): Verb =>
  verb({
    needs: { before: ["net", "read", "run", "write"], after: ["read", "run", "write"] },
    examples: ["autocom doctor", "autocom doctor -o json"],
    command: () =>
      new Command("doctor")
        .summary("check the set-up, and say what mends it")
        .description("Check files, keychain, network, server, session and schema, and say what mends each fault."),
    async run(app) {
      const writer = list(await app.destination(true), FINDINGS);
      const findings: Finding[] = [];
      let first: AppError | undefined;
      for await (const { error, ...finding } of examine(app, checks(documents()))) {
        findings.push(finding);
        first ??= finding.state === "failure" ? error : undefined;
      }
      await writer.page(findings);
      await writer.end();
      if (first) throw first;
    },
  });
