/**
 * What a request is answered from: switches, databases, sessions, limits.
 *
 * @module
 */

import { Database, type Row } from "./database.ts";
import { Limiter } from "./limiter.ts";
import type { SandboxOptions } from "./options.ts";
import { seedCentral, seedTenant, TENANT_IDS, type TenantId, uuidOf } from "./seed.ts";
import { Sessions } from "./sessions.ts";

export type ClientKind = "cli" | "personal";

export interface User {
  id: number;
  name: string;
  email: string;
}

export class Platform {
  readonly central: Database;
  readonly limiter: Limiter;
  readonly sessions: Sessions;
  /** Personal access tokens by their ids: a signature takes a millisecond, and they are the same after a reset. */
  readonly signed = new Map<string, string>();
  /** The modules' things that were asked for, by tenant and type. */
  readonly things = new Map<string, unknown[]>();
  /** What was answered to which idempotency key. */
  readonly answered = new Map<string, { body: string; response: Response }>();
  readonly #tenants = new Map<TenantId, Database>();

  constructor(readonly options: SandboxOptions) {
    const now = () => options.now();
    this.central = new Database("central", (db) => seedCentral(db, now(), options.patTtl));
    this.limiter = new Limiter(now);
    this.sessions = new Sessions(now);
  }

  /** The tenant's own database, made and filled when it is first asked for. */
  shop(tenant: string): Database {
    const id = TENANT_IDS.find((one) => one === tenant);
    if (!id) throw new Error(`no tenant "${tenant}"`);
    let db = this.#tenants.get(id);
    if (!db) this.#tenants.set(id, db = new Database("tenant", (empty) => seedTenant(empty, id)));
    return db;
  }

  user(id: number): User | undefined {
    return this.central.one("select id, name, email from users where id = ?", id) as Row & User | undefined;
  }

  userByEmail(email: string): User | undefined {
    return this.central.one("select id, name, email from users where email = ?", email) as Row & User | undefined;
  }

  /** What the client calls itself: a UUID, or a small number in Passport 12's tables. */
  clientId(kind: ClientKind): string {
    return this.options.passport === 13 ? uuidOf(`client/${kind}`) : kind === "cli" ? "1" : "2";
  }

  /** The id in its table's own type. */
  clientKey(kind: ClientKind): string | number {
    return this.options.passport === 13 ? this.clientId(kind) : Number(this.clientId(kind));
  }

  /** The living client of that id. */
  client(id: string): ClientKind | undefined {
    const kind = (["cli", "personal"] as const).find((one) => this.clientId(one) === id);
    return kind && this.clientLives(kind) ? kind : undefined;
  }

  clientLives(kind: ClientKind): boolean {
    return this.central.one("select 1 from oauth_clients where kind = ? and revoked = 0", kind) !== undefined;
  }

  reset(): void {
    for (const db of [this.central, ...this.#tenants.values()]) db.reset();
    this.things.clear();
    this.answered.clear();
    this.limiter.reset();
    this.sessions.reset();
  }

  close(): void {
    for (const db of [this.central, ...this.#tenants.values()]) db.close();
  }
}
