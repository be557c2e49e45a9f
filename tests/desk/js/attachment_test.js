// @ts-check
import assert from "node:assert/strict";
import { sizeText } from "../../../desk/static/shared/size.js";
import { isPicture, kindName, placeOf } from "../../../desk/static/staff/attachment.js";

Deno.test("sizes are round, and change their unit where people do", () => {
  const sizes = [1, 840, 999, 1000, 84_400, 999_499, 999_500, 1_240_000].map(sizeText);
  assert.deepEqual(sizes, [
    "1 byte",
    "840 bytes",
    "999 bytes",
    "1 KB",
    "84 KB",
    "999 KB",
    "1.0 MB",
    "1.2 MB",
  ]);
});

Deno.test("a place has coordinates and a map; half a place is none", () => {
  assert.deepEqual(placeOf({ latitude: 51.5, longitude: -0.1278 }), {
    coordinates: "51.50000, -0.12780",
    map: "https://www.openstreetmap.org/?mlat=51.50000&mlon=-0.12780#map=16/51.50000/-0.12780",
  });
  assert(placeOf({ latitude: 0, longitude: 0 }));
  assert.equal(placeOf({ latitude: 51.5, longitude: null }), null);
});

Deno.test("only what can be fetched is shown as a picture", () => {
  assert(isPicture({ kind: "sticker", url: "/x" }));
  assert(!isPicture({ kind: "image", url: null }));
  assert(!isPicture({ kind: "video", url: "/x" }));
  assert.equal(kindName({ kind: "file", name: "invoice.pdf" }), "File: invoice.pdf");
  assert.equal(kindName({ kind: "audio", name: null }), "Voice message");
});
