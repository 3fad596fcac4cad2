/** Extras that change how a tracker works are chosen when it is built; see `build.mjs`. */

/** Routes in the hash are pages of their own. */
declare const HASH: boolean;

/** Hits wait while the browser is offline. */
declare const OFFLINE: boolean;
