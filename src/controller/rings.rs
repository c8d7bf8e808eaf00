//! Rings in a graph: sets of nodes that lead to one another. One walk covers all nodes and edges. It yields between
//! slices, so that no graph blocks the thread. Pure but for the yields.

use tokio::task::yield_now;

/// How many nodes and edges are walked between two pauses: some tens of microseconds.
const SLICE: usize = 4_096;

/// The rings, and the cost of the walk.
#[derive(Debug, Default)]
pub struct Rings {
    /// The nodes of each ring.
    pub rings: Vec<Vec<usize>>,
    /// How many nodes and edges were walked.
    pub steps: usize,
}

/// Finds every ring of two nodes or more (Tarjan's strongly connected components). `next` returns the `n`-th node that
/// a node leads to, and `None` after the last. `Some(None)` is an edge to no node.
pub async fn rings(nodes: usize, next: impl Fn(usize, usize) -> Option<Option<usize>>) -> Rings {
    let mut walk =
        Walk { number: vec![0; nodes], low: vec![0; nodes], is_open: vec![false; nodes], ..Walk::default() };
    let mut found = Rings::default();
    for root in 0..nodes {
        if walk.number[root] == 0 {
            walk.enter(root);
        }
        while let Some((node, place)) = walk.path.last_mut() {
            found.steps += 1;
            if found.steps.is_multiple_of(SLICE) {
                yield_now().await;
            }
            let (node, edge) = (*node, next(*node, *place));
            *place += 1;
            match edge {
                Some(Some(to)) => walk.follow(node, to),
                Some(None) => {}
                None => found.rings.extend(walk.leave(node)),
            }
        }
    }
    found
}

/// The state of a walk. Nodes are numbered from 1 as they are entered.
#[derive(Debug, Default)]
struct Walk {
    path: Vec<(usize, usize)>,
    number: Vec<usize>,
    low: Vec<usize>,
    is_open: Vec<bool>,
    open: Vec<usize>,
    entered: usize,
}

impl Walk {
    fn enter(&mut self, node: usize) {
        self.entered += 1;
        (self.number[node], self.low[node], self.is_open[node]) = (self.entered, self.entered, true);
        self.open.push(node);
        self.path.push((node, 0));
    }

    fn follow(&mut self, node: usize, to: usize) {
        if self.number[to] == 0 {
            self.enter(to);
        } else if self.is_open[to] {
            self.low[node] = self.low[node].min(self.number[to]);
        }
    }

    /// Returns the ring that this node completes, if any.
    fn leave(&mut self, node: usize) -> Option<Vec<usize>> {
        self.path.pop();
        if let Some((before, _)) = self.path.last() {
            self.low[*before] = self.low[*before].min(self.low[node]);
        }
        if self.low[node] != self.number[node] {
            return None;
        }
        let first = self.open.iter().rposition(|open| *open == node)?;
        let ring = self.open.split_off(first);
        for member in &ring {
            self.is_open[*member] = false;
        }
        (ring.len() > 1).then_some(ring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(graph: &[Vec<usize>]) -> Rings {
        let search = rings(graph.len(), |node, place| graph[node].get(place).copied().map(Some));
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(search)
    }

    /// Whether `from` leads to `to`, tried step by step.
    fn reaches(graph: &[Vec<usize>], from: usize, to: usize) -> bool {
        let (mut seen, mut next) = (vec![false; graph.len()], graph[from].clone());
        while let Some(node) = next.pop() {
            if node == to {
                return true;
            }
            if !std::mem::replace(&mut seen[node], true) {
                next.extend(&graph[node]);
            }
        }
        false
    }

    #[test]
    fn a_graph_is_walked_once_however_dense_it_is() {
        let graph: Vec<Vec<usize>> = (0..1_000_usize).map(|n| (n.saturating_sub(200)..n).collect()).collect();
        let edges: usize = graph.iter().map(Vec::len).sum();
        let found = found(&graph);
        assert_eq!((found.rings.len(), found.steps), (0, graph.len() + edges));
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let graph: Vec<Vec<usize>> = (0..100_000_usize).map(|n| vec![(n + 1) % 100_000]).collect();
        assert_eq!(found(&graph).rings.iter().map(Vec::len).collect::<Vec<_>>(), [100_000]);
    }

    #[track_caller]
    fn check(graph: &[Vec<usize>]) {
        let rings = found(graph).rings;
        for a in 0..graph.len() {
            for b in (0..graph.len()).filter(|b| *b != a) {
                let is_together = rings.iter().any(|ring| ring.contains(&a) && ring.contains(&b));
                assert_eq!(is_together, reaches(graph, a, b) && reaches(graph, b, a), "{a}, {b}: {graph:?}");
            }
        }
    }

    #[test]
    fn two_nodes_of_any_graph_of_four_are_in_one_ring_if_each_reaches_the_other() {
        let edges: Vec<_> =
            (0..4).flat_map(|a| (0..4).filter(move |b| *b != a).map(move |b| (a, b))).collect();
        for chosen in 0..1_usize << edges.len() {
            let mut graph = vec![Vec::new(); 4];
            for (_, (a, b)) in edges.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1) {
                graph[*a].push(*b);
            }
            check(&graph);
        }
    }

    #[test]
    fn so_are_those_of_larger_graphs_by_chance() {
        let mut dice = 1_u64;
        let mut draw = |sides: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(dice >> 33).unwrap() % sides
        };
        for _ in 0..2_000 {
            let nodes = 2 + draw(14);
            check(&(0..nodes).map(|_| (0..draw(4)).map(|_| draw(nodes)).collect()).collect::<Vec<_>>());
        }
    }
}
