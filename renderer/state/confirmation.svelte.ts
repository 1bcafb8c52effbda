export type Question = { title: string; text: string; action: string; keep: string };

/** One question at a time before something that cannot be taken back. */
export class Confirmation {
  #asked = $state.raw<(Question & { answer: (yes: boolean) => void }) | null>(null);

  get asked(): Question | null {
    return this.#asked;
  }

  ask(question: Question): Promise<boolean> {
    this.answer(false);
    return new Promise((resolve) => {
      this.#asked = { ...question, answer: resolve };
    });
  }

  answer(yes: boolean): void {
    this.#asked?.answer(yes);
    this.#asked = null;
  }
}
