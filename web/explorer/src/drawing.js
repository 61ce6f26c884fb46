// The drawing: sigma.js shows the graph, reduced to what the state lets through.

import { MultiGraph, MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { Labels } from "./labels.js";

const FAINT = "#ececec";
const edgeColour = (count) => (count > 1000 ? "#d9d9d9" : "#b3b3b3");
const LIT_EDGE = "#4a4a4a";

/** Draws into `container`; returns null where the browser has no WebGL. */
export function draw(container, state, look) {
  const { data } = state;
  const graph = new (data.directed ? MultiDirectedGraph : MultiGraph)();
  for (const node of data.nodes) {
    graph.addNode(node.index, { x: node.x, y: node.y, label: node.label, size: 4 });
  }
  for (const edge of data.edges) {
    graph.addEdgeWithKey(edge.index, edge.source, edge.target, { size: edge.width });
  }
  const labels = new Labels();
  let renderer;
  try {
    renderer = new Sigma(graph, container, {
      allowInvalidContainer: true,
      defaultDrawNodeLabel: labels.gather,
      defaultEdgeColor: edgeColour(data.edges.length),
      defaultEdgeType: data.directed ? "arrow" : "line",
      enableEdgeEvents: data.edges.length <= 20000,
      itemSizesReference: "screen",
      labelDensity: 2,
      labelFont: "system-ui, sans-serif",
      labelGridCellSize: 80,
      labelRenderedSizeThreshold: data.nodes.length > 400 ? 5 : 2,
      labelSize: 13,
      minEdgeThickness: 0.4,
      stagePadding: 40,
      zIndex: true,
      nodeReducer: (index) => nodeLook(state, look, Number(index)),
      edgeReducer: (index) => edgeLook(state, Number(index)),
    });
  } catch {
    return null;
  }
  renderer.on("beforeRender", () => labels.clear());
  renderer.on("afterRender", () => labels.write());
  renderer.refresh();
  listen(renderer, container, state);
  for (const event of ["filter", "selection", "look"]) {
    state.addEventListener(event, () => renderer.refresh({ skipIndexation: event === "selection" }));
  }
  return { graph, renderer };
}

function nodeLook(state, look, index) {
  const node = state.data.nodes[index];
  if (!state.nodes[index]) return { x: node.x, y: node.y, hidden: true };
  const lit = state.lit;
  const shown = {
    x: node.x,
    y: node.y,
    label: node.label,
    color: look.colourOf(node),
    size: look.sizeOf(node),
    zIndex: 1,
  };
  if (!lit) return shown;
  if (!lit.has(index)) return { ...shown, color: FAINT, label: null, zIndex: 0 };
  const focus = state.focus.node === node;
  return { ...shown, forceLabel: focus || lit.size <= 25, highlighted: focus, zIndex: 2 };
}

function edgeLook(state, index) {
  const edge = state.data.edges[index];
  if (!state.edges[index]) return { hidden: true };
  const { focus } = state;
  if (!focus) return { size: edge.width };
  const near = focus.edge
    ? focus.edge === edge
    : focus.node.index === edge.source || focus.node.index === edge.target;
  return near
    ? { color: LIT_EDGE, size: edge.width + 1, zIndex: 1 }
    : { color: FAINT, size: edge.width, zIndex: 0 };
}

function listen(renderer, container, state) {
  const { nodes, edges } = state.data;
  const point = (focus) => state.change("selection", (s) => (s.pointed = focus));
  const choose = (focus) =>
    state.change("selection", (s) => {
      s.pointed = null;
      s.selected = focus;
    });
  renderer.on("enterNode", ({ node }) => point({ node: nodes[node] }));
  renderer.on("leaveNode", () => point(null));
  renderer.on("clickNode", ({ node }) => choose({ node: nodes[node] }));
  renderer.on("enterEdge", ({ edge }) => point({ edge: edges[edge] }));
  renderer.on("leaveEdge", () => point(null));
  renderer.on("clickEdge", ({ edge }) => choose({ edge: edges[edge] }));
  renderer.on("clickStage", () => choose(null));
  container.addEventListener("keydown", (event) => steer(renderer, event));
}

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function steer(renderer, event) {
  const camera = renderer.getCamera();
  const { x, y, ratio } = camera.getState();
  if (event.key in STEPS) {
    const [dx, dy] = STEPS[event.key];
    camera.setState({ x: x + 0.1 * ratio * dx, y: y + 0.1 * ratio * dy });
  } else if (event.key === "+" || event.key === "=") zoom(renderer, 1 / 1.4);
  else if (event.key === "-") zoom(renderer, 1.4);
  else if (event.key === "0") whole(renderer);
  else return;
  event.preventDefault();
}

const still = matchMedia("(prefers-reduced-motion: reduce)");

function glide(renderer, target) {
  const camera = renderer.getCamera();
  if (still.matches) camera.setState(target);
  else camera.animate(target, { duration: 250 });
}

/** Zooms by a factor: below 1 is nearer. */
export function zoom(renderer, factor) {
  glide(renderer, { ratio: renderer.getCamera().getState().ratio * factor });
}

/** Shows the whole network. */
export function whole(renderer) {
  glide(renderer, { x: 0.5, y: 0.5, ratio: 1, angle: 0 });
}

/** Brings a node to the middle. */
export function show(renderer, node) {
  const display = renderer.getNodeDisplayData(node.index);
  if (display) {
    const ratio = Math.min(renderer.getCamera().getState().ratio, 0.5);
    glide(renderer, { x: display.x, y: display.y, ratio });
  }
}
