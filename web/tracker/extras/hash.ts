/** An application's routes in the hash, for `t.js`: `script.js` has them by `data-spa="hash"`. */

/** The page's address with its route as a part of the path, where the server looks for it. */
export function addressWithRoute(): string {
  const { origin, pathname, search, hash } = location;
  const route = hash.replace("#", "%23");
  return origin + pathname + route + (route.includes("?") ? search.replace("?", "&") : search);
}
