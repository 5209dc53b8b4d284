import type { App } from "../app.ts";

/** Reads points in time where the person is: `--time-zone` says where a day begins. */
export async function when({ settings, system }: App) {
  const { beginning, period } = await import("../period/mod.ts");
  const here = { zone: (await settings.get("time_zone")).value, now: system.clock.now() };
  return {
    beginning: (text: string, flag: string) => beginning(text, flag, here),
    period: (ends: { from?: string | undefined; to?: string | undefined }) => period(ends, here),
  };
}
