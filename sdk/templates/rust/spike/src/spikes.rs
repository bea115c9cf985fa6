//! Rules of spikes: the traces of both sides of a connection, and spikes on their way where
//! synapses have delays.
#![allow(dead_code)]

use crate::deltaw::{
    bit, Archive, Block, Matrix, Parameters, Rule, Shape, CAPS, CAP_IN_PLACE, DELAYS, GRAIN_STEP,
    SPIKES_POST, SPIKES_PRE, WEIGHTS,
};

/// What a synapse knows at an event. A trace grows by 1 at each spike and decays with its tau: all
/// pairs of spikes count. It is as just before the event: a spike does not see itself.
pub struct Synapse {
    /// Of what arrived at this synapse.
    pub pre: f64,
    /// Of the target's spikes.
    pub post: f64,
    pub weight: f64,
    /// Infinite, as `upper`, where there is no bound.
    pub lower: f64,
    pub upper: f64,
}

pub trait SpikeRule {
    const ID: &'static [u8]; // ends with \0
    const VERSION: &'static [u8]; // ends with \0
    fn new(parameters: &Parameters) -> Self;
    /// tau of the traces of arrivals and of the target's spikes, in ms.
    fn taus(&self) -> (f64, f64);
    /// The change of a synapse's weight when a spike arrives.
    fn on_pre(&self, s: &Synapse) -> f64;
    /// And when its target spikes. Within a step, arrivals come before.
    fn on_post(&self, s: &Synapse) -> f64;
}

/// A step that is looked back on.
#[derive(Clone)]
struct Step {
    pre: Vec<f64>,    // the traces of inputs just before its spikes
    spikes: Vec<f64>, // 1 for an input that spiked
}

/// What the host sees of a SpikeRule.
pub struct Spikes<R> {
    rule: R,
    inputs: usize,
    step: u64,       // up to which all has happened
    has_begun: bool, // whether there was an update, which told the delays
    past: Vec<Step>, // a ring: the longest delay, and one; empty before prepare()
    post: Vec<f64>,  // the traces of outputs
}

/// Steps from the departure of a spike to its arrival: 255 where there is no synapse.
fn delay_of(delays: Option<&Matrix>, i: usize, j: usize) -> u64 {
    delays.map_or(0, |d| d.get(i, j) as u64)
}

/// What is so small counts as nothing, and would be slow to reckon with.
fn faded(trace: f64) -> f64 {
    if trace < f64::EPSILON {
        0.0
    } else {
        trace
    }
}

impl<R: SpikeRule> Spikes<R> {
    fn slots(&self) -> u64 {
        self.past.len() as u64
    }
    fn allocate(&mut self, slots: u64) {
        let none = vec![0.0; self.inputs];
        self.past = vec![Step { pre: none.clone(), spikes: none }; slots as usize];
        self.post.fill(0.0);
    }
    fn ago(&self, steps: u64) -> &Step {
        &self.past[((self.step + self.slots() - steps) % self.slots()) as usize]
    }
    fn longest(&self, delays: &Matrix) -> u64 {
        let all = (0..self.inputs).flat_map(|j| (0..self.post.len()).map(move |i| (i, j)));
        all.map(|(i, j)| delays.get(i, j) as u64).filter(|d| *d != 255).max().unwrap_or(0)
    }

    /// n steps go by.
    fn pass(&mut self, n: u64, dt: f64) {
        let (tau_pre, tau_post) = self.rule.taus();
        let (keep_pre, keep_post) =
            ((-(n as f64) * dt / tau_pre).exp(), (-(n as f64) * dt / tau_post).exp());
        let slots = self.slots();
        let (before, now) = ((self.step % slots) as usize, ((self.step + n) % slots) as usize);
        for j in 0..self.inputs {
            let after = self.past[before].pre[j] + self.past[before].spikes[j];
            self.past[now].pre[j] = faded(after * keep_pre);
            self.past[now].spikes[j] = 0.0;
        }
        for trace in &mut self.post {
            *trace = faded(*trace * keep_post);
        }
        self.step += n;
    }

    fn change(
        &self,
        block: &Block,
        delta: &mut Matrix,
        (i, j): (usize, usize),
        pre: f64,
        change: impl Fn(&Synapse) -> f64,
    ) {
        let is_in_place = block.is_in_place();
        let weight = if is_in_place { delta.get(i, j) } else { block.signal(WEIGHTS).get(i, j) };
        let (lower, upper) = (block.lower, block.upper);
        let d = change(&Synapse { pre, post: self.post[i], weight, lower, upper });
        if is_in_place {
            delta.set(i, j, (weight + block.scale * d).clamp(lower, upper));
        } else {
            delta.add(i, j, d);
        }
    }

    /// What departed `delay` steps ago arrives where it takes so long.
    fn arrive(&self, block: &Block, delta: &mut Matrix, delay: u64) {
        let (then, delays) = (self.ago(delay), block.optional(DELAYS));
        for j in (0..self.inputs).filter(|j| then.spikes[*j] != 0.0) {
            for i in (0..self.post.len()).filter(|i| delay_of(delays, *i, j) == delay) {
                self.change(block, delta, (i, j), then.pre[j], |s| self.rule.on_pre(s));
            }
        }
    }

    fn fire(&mut self, block: &Block, delta: &mut Matrix, i: usize) {
        let delays = block.optional(DELAYS);
        for j in 0..self.inputs {
            let delay = delay_of(delays, i, j);
            if delay < self.slots() {
                let then = self.ago(delay);
                let pre = then.pre[j] + then.spikes[j];
                self.change(block, delta, (i, j), pre, |s| self.rule.on_post(s));
            }
        }
        self.post[i] += 1.0;
    }
}

impl<R: SpikeRule> Rule for Spikes<R> {
    const ID: &'static [u8] = R::ID;
    const VERSION: &'static [u8] = R::VERSION;
    const SIGNALS: u64 = bit(SPIKES_PRE) | bit(SPIKES_POST) | bit(WEIGHTS) | bit(DELAYS);
    const GRAIN: u32 = GRAIN_STEP;
    const CAPS: u64 = CAPS | CAP_IN_PLACE;

    fn new(parameters: &Parameters) -> Self {
        let rule = R::new(parameters);
        Spikes { rule, inputs: 0, step: 0, has_begun: false, past: vec![], post: vec![] }
    }

    fn prepare(&mut self, shape: &Shape) -> Result<(), String> {
        let connection = &shape.connections()[0];
        self.inputs = connection.inputs();
        self.post = vec![0.0; connection.outputs()];
        self.allocate(1);
        (self.step, self.has_begun) = (0, false);
        Ok(())
    }

    /// All that happens up to the block's step. Where there are delays the first call allocates,
    /// for it is the first to know them.
    fn update(&mut self, block: &Block, deltas: &mut [Matrix]) -> Result<(), String> {
        if self.past.is_empty() {
            return Err("called before prepare()".to_string());
        }
        let delta = &mut deltas[0];
        let (leaving, fired) = (block.signal(SPIKES_PRE), block.signal(SPIKES_POST));
        if let (false, Some(delays)) = (self.has_begun, block.optional(DELAYS)) {
            self.allocate(self.longest(delays) + 1);
        }
        self.has_begun = true;
        let slots = self.slots();
        let mut passed = 0;
        while self.step < block.step {
            // After `slots` steps all has arrived: of a longer silence the most is one leap.
            let left = block.step - self.step;
            let is_silent = passed == slots && left > slots;
            self.pass(if is_silent { left - slots } else { 1 }, block.dt);
            passed += 1;
            for delay in 1..slots {
                self.arrive(block, delta, delay);
            }
        }
        for k in 0..leaving.cols() {
            self.past[(self.step % slots) as usize].spikes[leaving.get(0, k) as usize] = 1.0;
        }
        if leaving.cols() > 0 {
            self.arrive(block, delta, 0);
        }
        for k in 0..fired.cols() {
            self.fire(block, delta, fired.get(0, k) as usize);
        }
        Ok(())
    }

    fn reset(&mut self) {
        self.allocate(self.slots());
        (self.step, self.has_begun) = (0, false);
    }

    fn state(&mut self, archive: &mut Archive) -> Result<(), String> {
        if self.past.is_empty() {
            return Err("a state before prepare()".to_string());
        }
        let (mut slots, mut has_begun) = (self.slots(), u64::from(self.has_begun));
        archive.whole(&mut slots)?;
        archive.whole(&mut self.step)?;
        archive.whole(&mut has_begun)?;
        self.has_begun = has_begun != 0;
        if slots == 0 || slots > 255 {
            return Err("the saved state is damaged".to_string());
        }
        if slots != self.slots() {
            self.allocate(slots);
        }
        for step in &mut self.past {
            for x in step.pre.iter_mut().chain(&mut step.spikes) {
                archive.number(x)?;
            }
        }
        self.post.iter_mut().try_for_each(|x| archive.number(x))
    }
}
