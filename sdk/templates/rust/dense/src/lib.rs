//! The delta rule, ΔW = <e xᵀ> - decay W, the mean over observations (Widrow and Hoff 1960).
mod deltaw;
use crate::deltaw::{bit, Block, Matrix, Parameters, Rule, ERROR, PRE, WEIGHTS};

struct MyRule {
    decay: f64,
}

impl Rule for MyRule {
    const ID: &'static [u8] = b"org.example.my-rule\0";
    const VERSION: &'static [u8] = b"0.1.0\0";
    const SIGNALS: u64 = bit(PRE) | bit(ERROR) | bit(WEIGHTS);
    const GRAIN: u32 = deltaw::GRAIN_BATCH;

    fn new(parameters: &Parameters) -> Self {
        MyRule { decay: parameters.number("decay") }
    }

    // Replace this equation: delta (outputs x inputs) gets the proposed change added.
    fn update(&mut self, block: &Block, deltas: &mut [Matrix]) -> Result<(), String> {
        let delta = &mut deltas[0];
        let (x, e, w) = (block.signal(PRE), block.signal(ERROR), block.signal(WEIGHTS));
        for j in 0..delta.cols() {
            for i in 0..delta.rows() {
                let sum: f64 = (0..block.columns()).map(|k| e.get(i, k) * x.get(j, k)).sum();
                delta.add(i, j, sum / block.columns() as f64 - self.decay * w.get(i, j));
            }
        }
        Ok(())
    }
}

deltaw_plugin!(MyRule);

#[cfg(test)]
mod tests {
    use super::*;

    /// One observation by hand: x = (1, 2), e = 3, W = (0.5, -1) and decay 2 give
    /// ΔW = e x - 2 W = (3, 6) - (1, -2) = (2, 8).
    #[test]
    fn one_observation() {
        let (mut x, mut e, mut w, mut found) = ([1.0, 2.0], [3.0], [0.5, -1.0], [0.0, 0.0]);
        let (pre, error) = (Matrix::of(&mut x, 2), Matrix::of(&mut e, 1));
        let (weights, delta) = (Matrix::of(&mut w, 1), Matrix::of(&mut found, 1));
        let mut signals = [std::ptr::null(); 16];
        signals[PRE as usize] = &pre as *const _;
        signals[ERROR as usize] = &error as *const _;
        signals[WEIGHTS as usize] = &weights as *const _;
        let mut rule = MyRule::new(&Parameters::of(&[("decay", 2.0)]));
        rule.update(&Block::of(&signals, 1), &mut [delta]).unwrap();
        assert_eq!(found, [2.0, 8.0]);
    }
}
