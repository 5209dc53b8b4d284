/**
 * A run that has a session bus, and `secret-tool` behind it.
 *
 * @module
 */

import { type Keychain, openKeychain } from "../../../src/keychain/mod.ts";
import { denoSystem } from "../../../src/system/deno.ts";
import type { Clock } from "../../../src/system/mod.ts";
import { type FakeBus, fakeBus, put } from "./fake_bus.ts";
import { type FakeSecretTool, fakeSecretTool, noLibrary as ffi } from "./fake_secret_tool.ts";

export const ACCOUNT = "shop.example:access";
export const FOUND = { state: "present", value: "of the bus" };
export const BEHIND = { state: "present", value: "of the tool" };

/** A bus with one entry, and behind it a tool with another value of it: what was asked shows in the answer. */
export async function scene(): Promise<AsyncDisposable & { bus: FakeBus; tool: FakeSecretTool }> {
  const [bus, tool] = [await fakeBus(), fakeSecretTool()];
  const attributes = { service: "autocom-cli", username: ACCOUNT };
  put(bus, { attributes, label: "", type: "", secret: new TextEncoder().encode(FOUND.value) });
  tool.items.push({ attributes, label: "", secret: BEHIND.value });
  return { bus, tool, [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose]() };
}

export interface Situation {
  env?: Record<string, string>;
  clock?: Clock;
  waiting?: () => void;
}

export function open(tool: FakeSecretTool, { env = {}, clock, waiting }: Situation): Keychain {
  const system = denoSystem();
  const host = { ...system.host, os: "linux" } as const;
  return openKeychain({ ...system, host, spawn: tool, ffi, env, ...clock && { clock } }, waiting);
}

export function at(bus: FakeBus, more: Record<string, string> = {}): Record<string, string> {
  return { DBUS_SESSION_BUS_ADDRESS: bus.address, ...more };
}

/** A clock on which everything takes a hundredth of its time, and `late` ms more. */
export function fast(late = 0): Clock {
  const { clock } = denoSystem();
  return { ...clock, sleep: (ms, signal) => clock.sleep(ms / 100 + late, signal) };
}

/** A run keeps its connection until its process ends. */
export function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, fn, sanitizeResources: false });
}
