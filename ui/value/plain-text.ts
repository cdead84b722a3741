/** Words of ours among values of the wire: shown without quotes, so that nobody takes them for a string that was sent. */
export class PlainText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
