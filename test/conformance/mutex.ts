/** Creates a mutex: a function that runs one task at a time, in the order of the calls, also if one rejects. */
export function createMutex(): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let latest: Promise<unknown> = Promise.resolve();
  return (task) => {
    const running = latest.then(task);
    latest = running.catch(() => {});
    return running;
  };
}
