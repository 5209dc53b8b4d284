import type { Control } from "../control.ts";
import { optionsFrom, type Sandbox, type TenantId } from "./mod.ts";

/** A sandbox's control. Its calls are done when they return; the promises are the interface's. */
export function sandboxControl(sandbox: Sandbox): Control {
  const initial = { ...sandbox.options };
  return {
    async reset() {
      await sandbox.reset();
      sandbox.descriptor(); // a personal access token is known once it was asked for
    },
    set: async (switches) => void await Object.assign(sandbox.options, initial, optionsFrom({ ...switches })),
    down: async (form) => void (sandbox.options.maintenance = await form),
    async expire(token) {
      await sandbox.expireToken(token);
      return token;
    },
    revoke: async (token) => await sandbox.revokeToken(token),
    revokeClient: async () => await sandbox.revokeClient(),
    deleteUser: async (email) => await sandbox.deleteUser(email),
    replaceKeys: async () => await sandbox.replaceKeys(),
    rows: async (tenant) => await sandbox.rows(tenant as TenantId),
    audit: async () => await sandbox.auditRows(),
  };
}
