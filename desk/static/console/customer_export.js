// @ts-check
/** Fetches everything that is held of a customer, and lets the browser keep it as a file. */

import { ApiError, csrf, refusal } from "../staff/api.js";
import { make } from "../staff/element.js";

/** @param {string} id */
export async function download(id) {
  const path = `customers/${encodeURIComponent(id)}/export`;
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method: "POST",
      headers: { "X-CSRF-Token": csrf() },
      credentials: "same-origin",
    });
  } catch {
    throw new ApiError(0, "unreachable", "The server cannot be reached. Check your connection.");
  }
  if (!response.ok) {
    throw refusal(response.status, await response.json().catch(() => null), path);
  }
  const address = URL.createObjectURL(await response.blob());
  const link = make("a", { href: address, download: `customer-${id}.zip` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address));
}
