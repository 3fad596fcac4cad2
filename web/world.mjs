// Draws the outlines of the world's countries, out of Natural Earth's at 1:110 million: an element for
// each code of ISO 3166-1, in the projection Equal Earth, without Antarctica.

import { readFileSync } from "node:fs";
import { feature } from "topojson-client";

const WIDTH = 2000;
const MARGIN = 4;
const DOT = 6; // the radius of what stands for a country too small to be seen
const TOO_SMALL = 25; // of what is drawn, in units of area
const LEFT_OUT = new Set(["AQ"]);

// What Natural Earth has as parts of others, or gives no code.
const CODES = new Map([["Kosovo", "XK"], ["N. Cyprus", "CY"], ["Somaliland", "SO"]]);
const PARTS = [
  { of: "FR", code: "GF", west: -55, south: 2, east: -51, north: 6 },
  { of: "NO", code: "SJ", west: 10, south: 74, east: 34, north: 81 },
];
const PLACES = {
  BQ: [-68.3, 12.2],
  BV: [3.4, -54.4],
  CC: [96.8, -12.2],
  CX: [105.6, -10.5],
  GP: [-61.5, 16.2],
  MQ: [-61, 14.6],
  RE: [55.5, -21.1],
  TK: [-171.8, -9.2],
  YT: [45.2, -12.8],
};

export function world() {
  const outlines = polygonsByCode("countries-110m");
  const places = new Map(Object.entries(PLACES));
  for (const [code, polygons] of polygonsByCode("countries-10m")) {
    if (!outlines.has(code)) places.set(code, middle(largest(polygons.flat())));
  }
  const shapes = [...outlines].map(([code, polygons]) => [
    code,
    polygons.flat().map((ring) => ring.map(equalEarth)),
  ]);
  const { height, onto } = frame(shapes.flatMap(([, rings]) => rings.flat()));
  const land = shapes.map(([code, rings]) => [
    code,
    outline(
      code,
      rings.map((ring) => ring.map(onto)),
    ),
  ]);
  const dots = [...places].map(([code, place]) => [code, dot(onto(equalEarth(place)), code)]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}">`,
    '<g id="land">',
    ...inOrder(land),
    "</g>",
    ...inOrder(dots),
    "</svg>",
    "",
  ].join("\n");
}

// How high the drawing is, and where on it a projected place belongs.
function frame(places) {
  const { left, right, top, bottom } = boxOf(places);
  const scale = (WIDTH - 2 * MARGIN) / (right - left);
  return {
    height: Math.round((top - bottom) * scale) + 2 * MARGIN,
    onto: ([x, y]) => [
      Math.round(MARGIN + (x - left) * scale),
      Math.round(MARGIN + (top - y) * scale),
    ],
  };
}

function outline(code, rings) {
  const shape = `d="${rings.map(path).join("")}"`;
  const greatest = largest(rings);
  if (area(greatest) >= TOO_SMALL) return `<path id="${code}" ${shape}/>`;
  return `<g id="${code}"><path ${shape}/>${dot(middle(greatest))}</g>`;
}

function dot([x, y], code) {
  const id = code ? ` id="${code}"` : "";
  return `<circle${id} cx="${Math.round(x)}" cy="${Math.round(y)}" r="${DOT}"/>`;
}

function inOrder(elements) {
  return elements.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, element]) => element);
}

// Each code with its polygons, each of which is a ring around it and others around its holes.
function polygonsByCode(name) {
  const file = new URL(`node_modules/world-atlas/${name}.json`, import.meta.url);
  const topology = JSON.parse(readFileSync(file, "utf8"));
  const found = new Map();
  for (const country of feature(topology, topology.objects.countries).features) {
    const code = codeOf(country);
    if (!code || LEFT_OUT.has(code)) continue;
    const { type, coordinates } = country.geometry;
    for (const polygon of (type === "Polygon" ? [coordinates] : coordinates).flatMap(cut)) {
      const owner = partOf(code, middle(polygon[0])) ?? code;
      found.set(owner, [...(found.get(owner) ?? []), polygon]);
    }
  }
  return found;
}

// What lies on both sides of the meridian at 180° is two polygons on a map. None of it has a hole.
function cut(polygon) {
  const ring = unrolled(polygon[0]);
  const { left, right } = boxOf(ring);
  if (left >= -180 && right <= 180) return [polygon];
  return [-360, 0, 360]
    .map((turn) => ring.map(([longitude, latitude]) => [longitude + turn, latitude]))
    .map((turned) => clipped(clipped(turned, 1), -1))
    .filter((part) => part.length > 3)
    .map((part) => [part]);
}

// The ring with longitudes beyond 180° where it goes on across that meridian.
function unrolled(ring) {
  let turn = 0;
  return ring.map(([longitude, latitude], index) => {
    const step = index > 0 ? longitude - ring[index - 1][0] : 0;
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [longitude + turn, latitude];
  });
}

// What of a ring is not east of 180°, with side 1, or not west of it, with side -1.
function clipped(ring, side) {
  const isInside = ([longitude]) => side * longitude <= 180;
  const found = ring.flatMap((place, index) => {
    const before = ring.at(index - 1);
    if (isInside(place) === isInside(before)) return isInside(place) ? [place] : [];
    const share = (side * 180 - before[0]) / (place[0] - before[0]);
    const border = [side * 180, before[1] + share * (place[1] - before[1])];
    return isInside(place) ? [border, place] : [border];
  });
  return found.length > 0 ? [...found, found[0]] : [];
}

function codeOf({ id, properties }) {
  return CODES.get(properties.name) ?? (id && new Intl.Locale(`und-${id}`).region);
}

function partOf(code, [longitude, latitude]) {
  return PARTS.find(
    ({ of, west, south, east, north }) =>
      of === code && west < longitude && longitude < east && south < latitude && latitude < north,
  )?.code;
}

function largest(rings) {
  return rings.reduce((one, other) => (area(other) > area(one) ? other : one));
}

function middle(ring) {
  const { left, right, top, bottom } = boxOf(ring);
  return [(left + right) / 2, (top + bottom) / 2];
}

function boxOf(places) {
  const xs = places.map(([x]) => x);
  const ys = places.map(([, y]) => y);
  const least = (numbers) => numbers.reduce((one, other) => Math.min(one, other));
  const most = (numbers) => numbers.reduce((one, other) => Math.max(one, other));
  return { left: least(xs), right: most(xs), bottom: least(ys), top: most(ys) };
}

function area(ring) {
  const sum = ring.reduce((total, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length];
    return total + x * nextY - nextX * y;
  }, 0);
  return Math.abs(sum) / 2;
}

// Bojan Šavrič, Tom Patterson and Bernhard Jenny, 2018: "The Equal Earth map projection".
function equalEarth([longitude, latitude]) {
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const m = Math.sqrt(3) / 2;
  const t = Math.asin(m * Math.sin((latitude * Math.PI) / 180));
  const t2 = t * t;
  const t6 = t2 ** 3;
  return [
    (((longitude * Math.PI) / 180) * Math.cos(t)) /
      (m * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2))),
    t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2)),
  ];
}

// A ring's first place comes again at its end.
function path(ring) {
  const [start, ...others] = ring.slice(0, -1);
  let [x, y] = start;
  let text = `M${x} ${y}l`;
  for (const place of others) {
    const [right, down] = [place[0] - x, place[1] - y];
    if (right === 0 && down === 0) continue;
    text += separated(right) + separated(down);
    [x, y] = place;
  }
  return `${text.replace("l ", "l")}z`;
}

const separated = (number) => (number < 0 ? `${number}` : ` ${number}`);
