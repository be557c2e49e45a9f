// @ts-check
/** An attachment in words: what it is called, how large it is, where on the map; pure. */

/** @typedef {import("./types.js").Attachment} Attachment */

/** @type {Record<Attachment["kind"], string>} */
const KINDS = {
  image: "Picture",
  audio: "Voice message",
  video: "Video",
  file: "File",
  sticker: "Sticker",
  location: "Location",
  contact: "Contact",
};
const MAP_ZOOM = 16;

/** @param {Pick<Attachment, "kind"|"name">} attachment */
export const kindName = ({ kind, name }) => name ? `${KINDS[kind]}: ${name}` : KINDS[kind];

/**
 * Whether it is worth trying to show it as a picture.
 *
 * @param {Pick<Attachment, "kind"|"url">} attachment
 */
export function isPicture({ kind, url }) {
  return url !== null && (kind === "image" || kind === "sticker");
}

/**
 * Where it is, in words and on a map; null for what is nowhere.
 *
 * @param {Pick<Attachment, "latitude"|"longitude">} attachment
 */
export function placeOf({ latitude, longitude }) {
  if (latitude === null || longitude === null) return null;
  const [lat, lon] = [latitude.toFixed(5), longitude.toFixed(5)];
  const map =
    `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=${MAP_ZOOM}/${lat}/${lon}`;
  return { coordinates: `${lat}, ${lon}`, map };
}
