//! Pair-based spike-timing-dependent plasticity (Song, Miller and Abbott 2000, doi:10.1038/78829):
//! with s ms between two spikes, A+ exp(-s / tau+) when the target spikes after an arrival and
//! -A- exp(-s / tau-) when it spiked before.
mod deltaw;
mod spikes;
use crate::deltaw::Parameters;
use crate::spikes::{SpikeRule, Spikes, Synapse};

struct MyRule {
    a_plus: f64,
    a_minus: f64,
    tau_plus: f64,
    tau_minus: f64,
}

impl SpikeRule for MyRule {
    const ID: &'static [u8] = b"org.example.my-rule\0";
    const VERSION: &'static [u8] = b"0.1.0\0";

    fn new(parameters: &Parameters) -> Self {
        MyRule {
            a_plus: parameters.number("a_plus"),
            a_minus: parameters.number("a_minus"),
            tau_plus: parameters.number("tau_plus"),
            tau_minus: parameters.number("tau_minus"),
        }
    }

    fn taus(&self) -> (f64, f64) {
        (self.tau_plus, self.tau_minus)
    }

    // Replace these two: the change of a synapse when a spike arrives, and when its target spikes.
    fn on_pre(&self, s: &Synapse) -> f64 {
        -self.a_minus * s.post
    }
    fn on_post(&self, s: &Synapse) -> f64 {
        self.a_plus * s.pre
    }
}

deltaw_plugin!(Spikes<MyRule>);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deltaw::{
        Block, ConnectionShape, Matrix, Rule, Shape, SPIKES_POST, SPIKES_PRE, WEIGHTS,
    };

    /// A spike arrives at 0 ms, the target spikes at 20 ms, another arrives at 50 ms: with
    /// tau+ = 20 and tau- = 30 ms the target's spike gives a_plus / e, the second arrival
    /// -a_minus / e.
    #[test]
    fn arrival_spike_arrival() {
        let (mut spike, mut w, mut found) = ([0.0, 0.0], [0.5], [0.0]);
        let (one, none) = (Matrix::of(&mut spike, 2), Matrix::of(&mut [], 2));
        let (weights, mut deltas) = (Matrix::of(&mut w, 1), [Matrix::of(&mut found, 1)]);
        let mut rule = Spikes::<MyRule>::new(&Parameters::of(&[
            ("a_plus", 0.01),
            ("a_minus", 0.02),
            ("tau_plus", 20.0),
            ("tau_minus", 30.0),
        ]));
        rule.prepare(&Shape::of(&[ConnectionShape::of(1, 1)], 1)).unwrap();
        for (ms, arriving, fired) in [(0, &one, &none), (20, &none, &one), (50, &one, &none)] {
            let mut signals = [std::ptr::null(); 16];
            signals[SPIKES_PRE as usize] = arriving as *const _;
            signals[SPIKES_POST as usize] = fired as *const _;
            signals[WEIGHTS as usize] = &weights as *const _;
            let mut block = Block::of(&signals, 1);
            (block.step, block.dt) = (ms, 1.0);
            rule.update(&block, &mut deltas).unwrap();
        }
        assert!((found[0] - (0.01 - 0.02) / 1f64.exp()).abs() < 1e-12);
    }
}
