import type { PermissionName, Permissions } from "./mod.ts";

/** Deno's permissions. What a run gives up it cannot get back: the compiled program asks nobody. */
export const PERMISSIONS: readonly PermissionName[] = ["env", "ffi", "import", "net", "read", "run", "sys", "write"];

export const denoPermissions: Permissions = {
  keep(names) {
    for (const name of PERMISSIONS) {
      if (!names.includes(name)) Deno.permissions.revokeSync({ name } as Deno.PermissionDescriptor);
    }
  },
};
