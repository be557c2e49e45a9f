// @ts-check
/** Sends a file as it is, and tells how far it has come: `fetch` cannot say that of what it sends. */

import { ApiError, csrf, refusal } from "./api.js";

/**
 * @param {string} path below `/api/v1/`
 * @param {Blob} file
 * @param {{progress: (share: number) => void, signal: AbortSignal}} options
 * @returns {Promise<any>}
 */
export function upload(path, file, { progress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/${path}`);
    request.setRequestHeader("X-CSRF-Token", csrf());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      if (total > 0) progress(loaded / total);
    });
    request.addEventListener("load", () => {
      const { status, response } = request;
      if (status >= 200 && status < 300) resolve(response);
      else reject(refusal(status, response, path));
    });
    request.addEventListener("error", () => {
      reject(
        new ApiError(0, "unreachable", "The server cannot be reached. Check your connection."),
      );
    });
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
