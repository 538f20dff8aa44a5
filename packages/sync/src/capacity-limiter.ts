import { MisuseError, type WaitOptions } from "@arborio/core";
import { wrongType } from "@arborio/core/lowlevel";
import { checkWhole } from "./argument.ts";
import { Governor } from "./governor.ts";
import type { Held, Permit } from "./permit.ts";

export interface CapacityLimiterStatistics {
  readonly totalTokens: number;
  readonly borrowedTokens: number;
  /** On whose behalf tokens are held. */
  readonly borrowers: readonly unknown[];
  readonly tasksWaiting: number;
}

/**
 * So many tokens, whose number may change while they are out. Each `acquire` is a borrower of its own;
 * {@link acquireOnBehalfOf} names one, who has at most one token (S4).
 *
 * @throws RangeError if `totalTokens` is neither a whole number from 0 on nor `Infinity`
 */
export class CapacityLimiter extends Governor {
  /** Who has a token, or waits for one. */
  readonly #borrowers = new Map<unknown, Held>();
  #total = 0;

  constructor(totalTokens: number) {
    super("a token of the limiter");
    this.totalTokens = totalTokens;
  }

  /** @internal */
  get room(): boolean {
    return this.availableTokens > 0;
  }

  /** May be raised, which lets in as many as fit; or lowered, also below what is out: then tokens that come back are kept. */
  get totalTokens(): number {
    return this.#total;
  }

  set totalTokens(totalTokens: number) {
    this.#total = checkWhole("set the tokens of the limiter", "totalTokens", totalTokens, 0, Infinity);
    this.handOver();
  }

  get borrowedTokens(): number {
    return this.out;
  }

  /** Negative while more are out than there are in all. */
  get availableTokens(): number {
    return this.#total - this.out;
  }

  /**
   * As {@link acquire}, for a borrower of one's choice: any value but undefined.
   *
   * @throws MisuseError at once if the borrower has a token, or waits for one
   */
  acquireOnBehalfOf(borrower: unknown, options?: WaitOptions): Promise<Permit> {
    this.#checkBorrower(borrower);
    return this.ask(options, borrower);
  }

  /**
   * As {@link tryAcquire}, for a borrower.
   *
   * @throws MisuseError if the borrower has a token, or waits for one
   */
  tryAcquireOnBehalfOf(borrower: unknown): Permit | undefined {
    this.#checkBorrower(borrower);
    return this.free ? this.take(this.permit(borrower)) : undefined;
  }

  statistics(): CapacityLimiterStatistics {
    const borrowers = [...this.#borrowers.keys()].filter((one) => this.#borrowers.get(one)?.held === true);
    return Object.freeze({
      totalTokens: this.#total,
      borrowedTokens: this.out,
      borrowers: Object.freeze(borrowers),
      tasksWaiting: this.size,
    });
  }

  /** @internal */
  override permit(borrower?: unknown): Held {
    const permit = super.permit();
    if (borrower !== undefined) this.#lend(permit, borrower);
    return permit;
  }

  #lend(permit: Held, borrower: unknown): void {
    this.#checkBorrower(borrower);
    this.#borrowers.set(borrower, permit);
    const { untrack } = permit;
    permit.untrack = () => {
      untrack();
      this.#borrowers.delete(borrower);
    };
  }

  #checkBorrower(borrower: unknown): void {
    if (borrower === undefined) throw wrongType("borrow a token", "it takes a borrower", borrower);
    if (!this.#borrowers.has(borrower)) return;
    throw new MisuseError("Cannot borrow a token: the borrower has or awaits one");
  }
}
