import type { VirtualTime } from "./virtual_time.ts";

/** Probabilities of what a token endpoint does beside answering. */
export interface Weather {
  /** 429. */
  limited: number;
  /** 503 with a page. */
  broken: number;
  /** Seconds pass. */
  slow: number;
  /** It renews, and its answer never arrives. */
  dropped: number;
}

interface Pair {
  access_token: string;
  refresh_token: string;
  /** Milliseconds. */
  ends: number;
  dead: boolean;
}

/** Seconds. */
const LIFE = 300;

/** Rotates as Passport does: the old pair dies at once, and two requests at the same moment can both win. */
export class Platform {
  static readonly ORIGIN = "https://api.example.test";
  /** How often each refresh token was exchanged. */
  readonly exchanged = new Map<string, number>();
  /** Requests with a refresh token that was dead already. */
  futile = 0;
  /** Called with the pair that is replaced. */
  rotating: (pair: Pair) => void = () => {};
  readonly #pairs = new Map<string, Pair>();

  constructor(
    private readonly time: VirtualTime,
    private readonly roll: () => number,
    private readonly weather: Weather,
    /** Of Passport: how a dead token is refused. */
    private readonly dialect: 12 | 13,
  ) {}

  issue(): Pair {
    const number = this.#pairs.size + 1;
    const ends = this.time.now + LIFE * 1000;
    const pair = { access_token: `access-${number}`, refresh_token: `refresh-${number}`, ends, dead: false };
    this.#pairs.set(pair.refresh_token, pair);
    return pair;
  }

  renews(refreshToken: string): boolean {
    return this.#pairs.get(refreshToken)?.dead === false;
  }

  opens(accessToken: string): boolean {
    const pair = this.#pairs.values().find(({ access_token }) => access_token === accessToken);
    return pair !== undefined && !pair.dead && pair.ends > this.time.now;
  }

  /** The answer to a request for a token; undefined when the connection broke off. `travel`: there, and back. */
  async token(request: Request, travel: (ms?: number) => Promise<void>): Promise<Response | undefined> {
    const token = new URLSearchParams(await request.text()).get("refresh_token")!;
    const { limited, broken, slow, dropped } = this.weather;
    await travel();
    if (this.roll() < limited) return Response.json({ message: "Too Many Attempts." }, { status: 429 });
    if (this.roll() < broken) return new Response("<html>", { status: 503, headers: { "Content-Type": "text/html" } });
    const old = this.#pairs.get(token)!;
    if (old.dead) {
      this.futile++;
      await travel();
      return this.#refusal();
    }
    // Looking and revoking are two queries: who looks in between wins, too.
    if (this.roll() < 0.3) await this.time.sleep(this.roll() * 8);
    this.rotating(old);
    old.dead = true;
    this.exchanged.set(token, (this.exchanged.get(token) ?? 0) + 1);
    const { access_token, refresh_token } = this.issue();
    await travel(this.roll() < slow ? 25_000 * this.roll() : undefined);
    if (this.roll() < dropped) return undefined;
    return Response.json({ token_type: "Bearer", expires_in: LIFE, access_token, refresh_token });
  }

  #refusal(): Response {
    const error = this.dialect === 13 ? "invalid_grant" : "invalid_request";
    const body = { error, error_description: "The refresh token is invalid.", hint: "Token has been revoked" };
    return Response.json(body, { status: this.dialect === 13 ? 400 : 401 });
  }
}
