//! ΔW = gain (R - Rb) Σ_t ξ(t) x(t)ᵀ: noise that paid is worth repeating (Fiete and Seung 2006,
//! doi:10.1103/PhysRevLett.97.048104).
mod deltaw;
use crate::deltaw::{bit, Block, Matrix, Parameters, Rule, BASELINE, PERTURBATION, PRE, REWARD};

struct MyRule {
    gain: f64,
}

impl Rule for MyRule {
    const ID: &'static [u8] = b"org.example.my-rule\0";
    const VERSION: &'static [u8] = b"0.1.0\0";
    const SIGNALS: u64 = bit(PRE) | bit(PERTURBATION) | bit(REWARD) | bit(BASELINE);
    const GRAIN: u32 = deltaw::GRAIN_TRIAL;

    fn new(parameters: &Parameters) -> Self {
        MyRule { gain: parameters.number("gain") }
    }

    // Replace this equation. Column t of a signal is step t; what arrives in step t is in PRE.
    fn update(&mut self, block: &Block, deltas: &mut [Matrix]) -> Result<(), String> {
        let delta = &mut deltas[0];
        let (x, noise) = (block.signal(PRE), block.signal(PERTURBATION));
        let (reward, baseline) = (block.signal(REWARD), block.signal(BASELINE));
        if reward.cols() != 1 {
            return Err("my-rule needs one reward a trial".to_string());
        }
        let factor = self.gain * (reward.get(0, 0) - baseline.get(0, 0));
        for j in 0..delta.cols() {
            for i in 0..delta.rows() {
                let trace: f64 = (0..block.columns()).map(|t| noise.get(i, t) * x.get(j, t)).sum();
                delta.add(i, j, factor * trace);
            }
        }
        Ok(())
    }
}

deltaw_plugin!(MyRule);

#[cfg(test)]
mod tests {
    use super::*;

    /// Two steps by hand: x(1) = (1, 0), x(2) = (2, 1), ξ = (1, -1), R - Rb = 0.5 give
    /// ΔW = 0.5 ((1, 0) - (2, 1)) = (-0.5, -0.5).
    #[test]
    fn two_steps() {
        let (mut x, mut xi, mut found) = ([1.0, 0.0, 2.0, 1.0], [1.0, -1.0], [0.0, 0.0]);
        let (mut r, mut b) = ([0.75], [0.25]);
        let (pre, noise) = (Matrix::of(&mut x, 2), Matrix::of(&mut xi, 1));
        let (reward, baseline) = (Matrix::of(&mut r, 1), Matrix::of(&mut b, 1));
        let delta = Matrix::of(&mut found, 1);
        let mut signals = [std::ptr::null(); 16];
        signals[PRE as usize] = &pre as *const _;
        signals[PERTURBATION as usize] = &noise as *const _;
        signals[REWARD as usize] = &reward as *const _;
        signals[BASELINE as usize] = &baseline as *const _;
        let mut rule = MyRule::new(&Parameters::of(&[("gain", 1.0)]));
        rule.update(&Block::of(&signals, 2), &mut [delta]).unwrap();
        assert_eq!(found, [-0.5, -0.5]);
    }
}
