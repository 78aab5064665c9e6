// What a view needs of the service: each opened node with its neighbours, the paths, and the edges among all of them.

import { get } from "../service.js";
import { keyOf } from "./view.js";

const MOST = 500; // ids that the service takes at once

/** {nodes, edges, leftOut, paths, problems} of a view; nodes in the order in which they were opened. */
export async function load(view, signal) {
  const perhaps = view.perhaps ? "true" : null;
  const [opened, paths] = await Promise.all([
    Promise.all(view.nodes.map((id) => get(`/api/graph/${encodeURIComponent(id)}`, { limit: view.limit, perhaps }, signal))),
    view.path.length ? get("/api/paths", { from: view.path[0], to: view.path[1], perhaps, collectives: view.collectives ? "true" : null }, signal) : null]);
  const nodes = new Map();
  const edges = new Map();
  const take = (part) => {
    for (const node of part.nodes) if (!nodes.has(node.id)) nodes.set(node.id, node);
    for (const edge of part.edges) edges.set(keyOf(edge), edge);
  };
  const parts = [...opened, ...(paths ? [paths] : [])];
  parts.forEach((part) => take({ nodes: part.nodes.slice(0, 1), edges: [] }));
  parts.forEach(take);
  if (parts.length > 1) take(await get("/api/graph/between", { ids: [...nodes.keys()].slice(0, MOST).join(","), perhaps }, signal));
  const leftOut = Object.fromEntries(view.nodes.map((id, k) => [id, opened[k].left_out]).filter(([, left]) => Object.keys(left).length));
  return { nodes: [...nodes.values()], edges: [...edges.values()], leftOut, paths };
}
