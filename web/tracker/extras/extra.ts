/** What an extra is: something that sends events by itself, once for each tracker that wants it. */

export type Properties = Record<string, string | number>;

/** Sends an event in the way of the script that the extra came with. */
export type Track = (name: string, properties: Properties) => void;

export type Extra = (track: Track) => void;

/** A tracker, as far as it tells which extras it has. */
export interface Extended {
  extras?: string[];
}

export function install(name: string, extra: Extra, tracker: Extended, track: Track): void {
  const extras = (tracker.extras ||= []);
  if (extras.includes(name)) return;
  extras.push(name);
  extra(track);
}
