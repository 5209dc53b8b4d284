/** A refusal inside GraphQL: its code and the rest become `extensions`. */
export class Refused extends Error {
  readonly extensions: Record<string, unknown>;

  constructor(readonly code: string, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.extensions = { code, ...more };
  }
}
