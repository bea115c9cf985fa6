//! ΔW = -dL/dW, with the error carried down by each connection's own transpose (Rumelhart, Hinton
//! and Williams 1986, doi:10.1038/323533a0).
mod deltaw;
mod error_transport;
use crate::deltaw::{Matrix, Parameters};
use crate::error_transport::{Backward, ErrorTransport, Network};

struct MyRule;

impl Backward for MyRule {
    const ID: &'static [u8] = b"org.example.my-rule\0";
    const VERSION: &'static [u8] = b"0.1.0\0";

    fn new(_parameters: &Parameters) -> Self {
        MyRule
    }

    // Replace this: what comes down connection c, grad_pre = beta grad_pre + Wᵀ grad_potential.
    // Other weights (outputs x inputs) may stand where None stands for the connection's own.
    fn connection(
        &mut self,
        network: &Network,
        c: u32,
        grad_potential: &Matrix,
        beta: f64,
        grad_pre: &mut Matrix,
    ) -> Result<(), String> {
        network.connection_vjp(c, grad_potential, None, beta, grad_pre)
    }
}

deltaw_plugin!(ErrorTransport<MyRule>);
