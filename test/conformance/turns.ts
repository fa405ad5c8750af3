/** Does one thing after the other, also where one fails. */
export class Turns {
  #latest: Promise<unknown> = Promise.resolve();

  take<Result>(work: () => Promise<Result>): Promise<Result> {
    const taken = this.#latest.then(work);
    this.#latest = taken.catch(() => {});
    return taken;
  }
}
