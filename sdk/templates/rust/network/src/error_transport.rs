//! One backward pass through the network: the host's layers and connections each know their
//! product, what is kept here is the way through them.
#![allow(dead_code)]

use crate::deltaw::{
    Archive, Block, Matrix, Parameters, Rule, Shape, GRAIN_BATCH, OK, SCOPE_NETWORK,
};
use std::marker::PhantomData;
use std::ops::Deref;
use std::os::raw::{c_char, c_void};

const OUTPUT: u32 = 2;
const RECURRENT: u32 = 2;

#[repr(C)]
struct Layer {
    struct_size: u32,
    flags: u32,
    name: *const c_char,
    units: u64,
    potentials: u64,
}

#[repr(C)]
struct Connection {
    struct_size: u32,
    flags: u32,
    name: *const c_char,
    source: u32,
    target: u32,
    outputs: u64,
    inputs: u64,
    delta: i64,
}

/// "deltaw.network/1": what the host knows of its network.
#[repr(C)]
pub struct Network {
    struct_size: u32,
    n_layers: u32,
    n_connections: u32,
    reserved: u32,
    ctx: *mut c_void,
    layer: unsafe extern "C" fn(*mut c_void, u32, *mut Layer) -> i32,
    connection: unsafe extern "C" fn(*mut c_void, u32, *mut Connection) -> i32,
    signal: unsafe extern "C" fn(*mut c_void, u32, u32, *mut Matrix) -> i32,
    loss_gradient: unsafe extern "C" fn(*mut c_void, u32, *const Matrix) -> i32,
    layer_vjp:
        unsafe extern "C" fn(*mut c_void, u32, *const Matrix, *const Matrix, *const Matrix) -> i32,
    connection_vjp: unsafe extern "C" fn(
        *mut c_void,
        u32,
        *const Matrix,
        *const Matrix,
        f64,
        *const Matrix,
    ) -> i32,
    connection_gradient:
        unsafe extern "C" fn(*mut c_void, u32, *const Matrix, f64, *const Matrix) -> i32,
}

fn require(status: i32, what: &str) -> Result<(), String> {
    if status == OK {
        Ok(())
    } else {
        Err(format!("the network refuses {what}: status {status}"))
    }
}

fn or_null(matrix: Option<&Matrix>) -> *const Matrix {
    matrix.map_or(std::ptr::null(), |m| m as *const Matrix)
}

/// A matrix of the host, to be read.
pub struct View<'a>(Matrix, PhantomData<&'a Network>);

impl Deref for View<'_> {
    type Target = Matrix;
    fn deref(&self) -> &Matrix {
        &self.0
    }
}

// SAFETY, of all of these: the host checks indices and shapes, and answers with a status.
impl Network {
    /// PRE or WEIGHTS of a connection; POST, POTENTIAL, DERIVATIVE, TARGET or ERROR of a layer.
    pub fn signal(&self, signal: u32, index: u32) -> Result<View<'_>, String> {
        let mut out = View(Matrix::empty(), PhantomData);
        require(unsafe { (self.signal)(self.ctx, signal, index, &mut out.0) }, "a signal")?;
        Ok(out)
    }
    /// grad_pre = beta grad_pre + Wᵀ grad_potential of connection c, with `weights` (outputs x
    /// inputs) in place of its own if there are any.
    pub fn connection_vjp(
        &self,
        c: u32,
        grad_potential: &Matrix,
        weights: Option<&Matrix>,
        beta: f64,
        grad_pre: &mut Matrix,
    ) -> Result<(), String> {
        let weights = or_null(weights);
        let status =
            unsafe { (self.connection_vjp)(self.ctx, c, grad_potential, weights, beta, grad_pre) };
        require(status, "the product of a connection")
    }
    fn connection_gradient(
        &self,
        c: u32,
        grad_potential: &Matrix,
        scale: f64,
        delta: &mut Matrix,
    ) -> Result<(), String> {
        let status =
            unsafe { (self.connection_gradient)(self.ctx, c, grad_potential, scale, delta) };
        require(status, "the gradient of a connection")
    }
    fn layer_vjp(&self, i: u32, grad_post: &Matrix, out: &mut Matrix) -> Result<(), String> {
        let status = unsafe { (self.layer_vjp)(self.ctx, i, grad_post, or_null(None), out) };
        require(status, "the product of a layer")
    }
    fn loss_gradient(&self, i: u32, out: &mut Matrix) -> Result<(), String> {
        require(unsafe { (self.loss_gradient)(self.ctx, i, out) }, "the gradient of the loss")
    }
    fn layers(&self) -> Result<Vec<Layer>, String> {
        let size = std::mem::size_of::<Layer>() as u32;
        let none = std::ptr::null();
        let get = |i| {
            let mut out =
                Layer { struct_size: size, flags: 0, name: none, units: 0, potentials: 0 };
            require(unsafe { (self.layer)(self.ctx, i, &mut out) }, "a layer").map(|()| out)
        };
        (0..self.n_layers).map(get).collect()
    }
    fn connections(&self) -> Result<Vec<Connection>, String> {
        let get = |c| {
            let mut out = Connection {
                struct_size: std::mem::size_of::<Connection>() as u32,
                flags: 0,
                name: std::ptr::null(),
                source: 0,
                target: 0,
                outputs: 0,
                inputs: 0,
                delta: -1,
            };
            require(unsafe { (self.connection)(self.ctx, c, &mut out) }, "a connection")
                .map(|()| out)
        };
        (0..self.n_connections).map(get).collect()
    }
}

pub trait Backward {
    const ID: &'static [u8]; // ends with \0
    const VERSION: &'static [u8]; // ends with \0
    fn new(parameters: &Parameters) -> Self;
    /// What comes down connection c: grad_pre = beta grad_pre + ... (inputs x K), from
    /// grad_potential (outputs x K).
    fn connection(
        &mut self,
        network: &Network,
        c: u32,
        grad_potential: &Matrix,
        beta: f64,
        grad_pre: &mut Matrix,
    ) -> Result<(), String>;
    /// Forgets all updates.
    fn reset(&mut self) {}
    /// All that is remembered from one update to the next goes through the archive, in one order.
    fn state(&mut self, _archive: &mut Archive) -> Result<(), String> {
        Ok(())
    }
}

/// A layer's part of a pass.
struct Stage {
    layer: Layer,
    grad_post: Vec<f64>,      // dL/d post, units x K
    grad_potential: Vec<f64>, // dL/d potential, potentials x K
    is_needed: bool,          // whether a driven connection lies at or below it
    is_filled: bool,          // whether grad_post holds a term of this pass
}

/// What the host sees of a Backward.
pub struct ErrorTransport<R> {
    rule: R,
    network: *const Network,
    dtype: u32,
    stages: Vec<Stage>, // empty before prepare()
    connections: Vec<Connection>,
}

impl<R: Backward> Rule for ErrorTransport<R> {
    const ID: &'static [u8] = R::ID;
    const VERSION: &'static [u8] = R::VERSION;
    const SIGNALS: u64 = 0;
    const GRAIN: u32 = GRAIN_BATCH;
    const SCOPE: u32 = SCOPE_NETWORK;

    fn new(parameters: &Parameters) -> Self {
        let network = parameters.service(b"deltaw.network/1\0").cast();
        let rule = R::new(parameters);
        ErrorTransport { rule, network, dtype: 0, stages: vec![], connections: vec![] }
    }

    fn prepare(&mut self, shape: &Shape) -> Result<(), String> {
        // SAFETY: the service is there as long as the instance.
        let network = unsafe { self.network.as_ref() }
            .ok_or_else(|| "the host does not offer deltaw.network/1".to_string())?;
        self.dtype = shape.dtype;
        self.connections = network.connections()?;
        self.stages.clear();
        for (i, layer) in network.layers()?.into_iter().enumerate() {
            // Connections come from layers of lower numbers, or, recurrent, from their own.
            let is_below = |s: u32| self.stages.get(s as usize).map(|s| s.is_needed) == Some(true);
            let mut incoming = self.connections.iter().filter(|at| at.target as usize == i);
            let is_needed = incoming.any(|at| at.delta >= 0 || is_below(at.source));
            let numbers = |rows: u64| vec![0.0; rows as usize * shape.max_columns()];
            let (grad_post, grad_potential) = (numbers(layer.units), numbers(layer.potentials));
            self.stages.push(Stage {
                layer,
                grad_post,
                grad_potential,
                is_needed,
                is_filled: false,
            });
        }
        self.rule.reset();
        Ok(())
    }

    fn reset(&mut self) {
        self.rule.reset();
    }

    fn state(&mut self, archive: &mut Archive) -> Result<(), String> {
        self.rule.state(archive)
    }

    fn update(&mut self, block: &Block, deltas: &mut [Matrix]) -> Result<(), String> {
        // SAFETY: as in prepare().
        let network = unsafe { self.network.as_ref() }
            .filter(|_| !self.stages.is_empty())
            .ok_or_else(|| "called before prepare()".to_string())?;
        for stage in &mut self.stages {
            stage.is_filled = false;
        }
        for i in (0..self.stages.len()).rev() {
            if self.stages[i].is_needed {
                self.leave(network, i, block.columns(), deltas)?;
            }
        }
        Ok(())
    }
}

impl<R: Backward> ErrorTransport<R> {
    /// Adds -dL/dW to the delta of each connection into layer i, and sends its error further down.
    fn leave(
        &mut self,
        network: &Network,
        i: usize,
        columns: usize,
        deltas: &mut [Matrix],
    ) -> Result<(), String> {
        let (below, from_here) = self.stages.split_at_mut(i);
        let stage = &mut from_here[0];
        let (units, potentials) = (stage.layer.units as usize, stage.layer.potentials as usize);
        let mut grad_potential =
            Matrix::over(&mut stage.grad_potential, potentials, columns, self.dtype);
        if stage.layer.flags & OUTPUT != 0 {
            network.loss_gradient(i as u32, &mut grad_potential)?;
        } else {
            let grad_post = Matrix::over(&mut stage.grad_post, units, columns, self.dtype);
            network.layer_vjp(i as u32, &grad_post, &mut grad_potential)?;
        }
        for (c, at) in (0..).zip(&self.connections).filter(|(_, at)| at.target as usize == i) {
            if at.delta >= 0 {
                let delta = &mut deltas[at.delta as usize];
                network.connection_gradient(c, &grad_potential, -1.0, delta)?;
            }
            // Where a layer feeds itself, its own product has been back through time already.
            if at.flags & RECURRENT != 0 || !below[at.source as usize].is_needed {
                continue;
            }
            let source = &mut below[at.source as usize];
            let beta = if source.is_filled { 1.0 } else { 0.0 };
            source.is_filled = true;
            let rows = source.layer.units as usize;
            let mut grad_pre = Matrix::over(&mut source.grad_post, rows, columns, self.dtype);
            self.rule.connection(network, c, &grad_potential, beta, &mut grad_pre)?;
        }
        Ok(())
    }
}
