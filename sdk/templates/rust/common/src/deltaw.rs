//! The contract of deltaw/abi.h, and a trait on top of it for rules. An instance is called by one
//! thread at a time; a panic becomes an error of the run.
#![allow(dead_code)]

use std::collections::HashMap;
use std::ffi::CStr;
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};

pub const PRE: u32 = 0;
pub const POST: u32 = 1;
pub const POTENTIAL: u32 = 2;
pub const DERIVATIVE: u32 = 3;
pub const PERTURBATION: u32 = 4;
pub const WEIGHTS: u32 = 5;
pub const TARGET: u32 = 6;
pub const ERROR: u32 = 7;
pub const REWARD: u32 = 8;
pub const BASELINE: u32 = 9;
pub const TRIAL_KIND: u32 = 10;
pub const SPIKES_PRE: u32 = 11;
pub const SPIKES_POST: u32 = 12;
pub const LEARNING_SIGNAL: u32 = 13;
pub const WEIGHT_PERTURBATION: u32 = 14;
pub const DELAYS: u32 = 15;

pub const SCOPE_LOCAL: u32 = 1;
pub const SCOPE_NETWORK: u32 = 2;
pub const GRAIN_BATCH: u32 = 1;
pub const GRAIN_TRIAL: u32 = 2;
pub const GRAIN_STEP: u32 = 3;

pub const CAPS: u64 = 1 | 2 | 8 | 16; // f32, f64, concurrent, deterministic
pub const CAP_IN_PLACE: u64 = 32;

pub const OK: i32 = 0;
const INVALID_ARGUMENT: i32 = 1;
const UNSUPPORTED: i32 = 2;
const INTERNAL: i32 = 6;
const F32: u32 = 1;
const F64: u32 = 2;
const U32: u32 = 3;
const IN_PLACE: u32 = 1;

#[repr(C)]
pub struct Error {
    struct_size: u32,
    code: i32,
    message: [c_char; 504],
}

/// Column-major: element (i, j) is data[i + j * ld].
#[repr(C)]
pub struct Matrix {
    data: *mut c_void,
    rows: u64,
    cols: u64,
    ld: u64,
    dtype: u32,
    flags: u32,
}

impl Matrix {
    pub fn rows(&self) -> usize {
        self.rows as usize
    }
    pub fn cols(&self) -> usize {
        self.cols as usize
    }
    fn at(&self, i: usize, j: usize) -> usize {
        assert!(i < self.rows() && j < self.cols(), "({i}, {j}) is outside the matrix");
        i + j * self.ld as usize
    }
    pub fn get(&self, i: usize, j: usize) -> f64 {
        let at = self.at(i, j);
        // SAFETY: the host gives `rows` x `cols` elements of `dtype`, and at() stays among them.
        unsafe {
            match self.dtype {
                F32 => f64::from(*(self.data as *const f32).add(at)),
                F64 => *(self.data as *const f64).add(at),
                U32 => f64::from(*(self.data as *const u32).add(at)),
                _ => f64::from(*(self.data as *const u8).add(at)),
            }
        }
    }
    /// Adds to an element: for ΔW.
    pub fn add(&mut self, i: usize, j: usize, x: f64) {
        let at = self.at(i, j);
        // SAFETY: as get(); the host calls one instance at a time, and what it lends to be written
        // is F32 or F64.
        unsafe {
            if self.dtype == F32 {
                *(self.data as *mut f32).add(at) += x as f32;
            } else {
                *(self.data as *mut f64).add(at) += x;
            }
        }
    }
    /// Sets an element: for weights that a rule changes in place.
    pub fn set(&mut self, i: usize, j: usize, x: f64) {
        let at = self.at(i, j);
        // SAFETY: as add().
        unsafe {
            if self.dtype == F32 {
                *(self.data as *mut f32).add(at) = x as f32;
            } else {
                *(self.data as *mut f64).add(at) = x;
            }
        }
    }
    /// A matrix over one's own numbers, column by column: for tests.
    pub fn of(values: &mut [f64], rows: usize) -> Matrix {
        let cols = values.len() / rows;
        Matrix::over(values, rows, cols, F64)
    }
    /// A matrix of either precision in one's own memory, which it must not outlive.
    pub fn over(memory: &mut [f64], rows: usize, cols: usize, dtype: u32) -> Matrix {
        assert!(rows * cols <= memory.len(), "{rows} x {cols} numbers do not fit");
        let (rows, cols) = (rows as u64, cols as u64);
        Matrix { data: memory.as_mut_ptr().cast(), rows, cols, ld: rows, dtype, flags: 0 }
    }
    /// A matrix that the host is to fill in.
    pub fn empty() -> Matrix {
        Matrix::over(&mut [], 0, 0, F64)
    }
}

#[repr(C)]
pub struct Param {
    name: *const c_char,
    kind: u32,
    reserved: u32,
    value: u64,
}

#[repr(C)]
pub struct ConnectionShape {
    name: *const c_char,
    outputs: u64,
    inputs: u64,
}

impl ConnectionShape {
    pub fn outputs(&self) -> usize {
        self.outputs as usize
    }
    pub fn inputs(&self) -> usize {
        self.inputs as usize
    }
    /// For tests.
    pub fn of(outputs: u64, inputs: u64) -> ConnectionShape {
        ConnectionShape { name: std::ptr::null(), outputs, inputs }
    }
}

#[repr(C)]
pub struct Shape {
    struct_size: u32,
    pub dtype: u32,
    max_columns: u64,
    n_connections: u64,
    connections: *const ConnectionShape,
}

impl Shape {
    pub fn max_columns(&self) -> usize {
        self.max_columns as usize
    }
    /// What the instance serves: one connection, or, of network scope, all that it drives.
    pub fn connections(&self) -> &[ConnectionShape] {
        // SAFETY: the host gives n_connections of them.
        unsafe { std::slice::from_raw_parts(self.connections, self.n_connections as usize) }
    }
    /// The shape of one's own connections, in float64, which it must not outlive: for tests.
    pub fn of(connections: &[ConnectionShape], max_columns: u64) -> Shape {
        Shape {
            struct_size: std::mem::size_of::<Shape>() as u32,
            dtype: F64,
            max_columns,
            n_connections: connections.len() as u64,
            connections: connections.as_ptr(),
        }
    }
}

#[repr(C)]
pub struct Block {
    struct_size: u32,
    n_signals: u32,
    pub index: u64,
    pub step: u64,
    columns: u64,
    pub dt: f64,
    signals: *const *const Matrix,
    flags: u32,
    reserved: u32,
    pub lower: f64,
    pub upper: f64,
    pub scale: f64,
}

impl Block {
    pub fn columns(&self) -> usize {
        self.columns as usize
    }
    /// A signal that the rule declares.
    pub fn signal(&self, signal: u32) -> &Matrix {
        self.optional(signal).unwrap_or_else(|| panic!("signal {signal} is used but not declared"))
    }
    /// A signal that is not always there.
    pub fn optional(&self, signal: u32) -> Option<&Matrix> {
        assert!(signal < self.n_signals, "no signal {signal}");
        // SAFETY: the host gives n_signals pointers, null where a signal is not declared.
        unsafe { (*self.signals.add(signal as usize)).as_ref() }
    }
    /// Whether the delta is the weights themselves: w = clamp(w + scale d, lower, upper).
    pub fn is_in_place(&self) -> bool {
        self.flags & IN_PLACE != 0
    }
    /// A block of one's own signals: for tests. `signals` has one entry for each signal, or null.
    pub fn of(signals: &[*const Matrix], columns: usize) -> Block {
        Block {
            struct_size: std::mem::size_of::<Block>() as u32,
            n_signals: signals.len() as u32,
            index: 0,
            step: 0,
            columns: columns as u64,
            dt: 0.0,
            signals: signals.as_ptr(),
            flags: 0,
            reserved: 0,
            lower: f64::NEG_INFINITY,
            upper: f64::INFINITY,
            scale: 1.0,
        }
    }
}

#[repr(C)]
pub struct RuleTable {
    struct_size: u32,
    reserved: u32,
    this: *mut c_void,
    prepare: unsafe extern "C" fn(*mut c_void, *const Shape, *mut Error) -> i32,
    observe: Option<unsafe extern "C" fn(*mut c_void, *const Block, *mut Error) -> i32>,
    update: unsafe extern "C" fn(*mut c_void, *const Block, *mut Matrix, u64, *mut Error) -> i32,
    reset: unsafe extern "C" fn(*mut c_void),
    get_extension: Option<unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void>,
    destroy: unsafe extern "C" fn(*mut c_void),
}

#[repr(C)]
struct StateTable {
    struct_size: u32,
    reserved: u32,
    save: unsafe extern "C" fn(*mut c_void, Write, *mut c_void, *mut Error) -> i32,
    load: unsafe extern "C" fn(*mut c_void, Read, *mut c_void, *mut Error) -> i32,
}
type Write = unsafe extern "C" fn(*mut c_void, *const c_void, u64) -> i32;
type Read = unsafe extern "C" fn(*mut c_void, *mut c_void, u64) -> i32;

#[repr(C)]
pub struct Host {
    struct_size: u32,
    abi_minor: u32,
    ctx: *mut c_void,
    log: unsafe extern "C" fn(*mut c_void, i32, *const c_char),
    get_extension: unsafe extern "C" fn(*mut c_void, *const c_char) -> *const c_void,
}

#[repr(C)]
pub struct RuleInfo {
    struct_size: u32,
    scope: u32,
    id: *const c_char,
    version: *const c_char,
    caps: u64,
    signals: u64,
    grain: u32,
    reserved: u32,
}
// SAFETY: the pointers are to constants.
unsafe impl Sync for RuleInfo {}

#[repr(C)]
pub struct Plugin {
    struct_size: u32,
    abi_major: u32,
    abi_minor_needed: u32,
    n_rules: u32,
    rule_info: extern "C" fn(u32) -> *const RuleInfo,
    create: unsafe extern "C" fn(
        *const Host,
        *const c_char,
        *const Param,
        u64,
        *mut RuleTable,
        *mut Error,
    ) -> i32,
}

/// Numbers by name, as the manifest declares them; the host fills in defaults. And its services.
pub struct Parameters {
    values: HashMap<String, f64>,
    host: *const Host,
}

impl Parameters {
    pub fn number(&self, name: &str) -> f64 {
        *self.values.get(name).unwrap_or_else(|| panic!("the manifest has no parameter '{name}'"))
    }
    /// The table of a service whose id ends with \0, as long as the instance; null where the host
    /// does not offer it.
    pub fn service(&self, id: &'static [u8]) -> *const c_void {
        assert_eq!(id.last(), Some(&0));
        // SAFETY: the host is there as long as the instance, and the id ends.
        match unsafe { self.host.as_ref() } {
            Some(host) => unsafe { (host.get_extension)(host.ctx, id.as_ptr().cast()) },
            None => std::ptr::null(),
        }
    }
    /// Without a host: for tests.
    pub fn of(values: &[(&str, f64)]) -> Parameters {
        let values = values.iter().map(|(name, x)| (name.to_string(), *x)).collect();
        Parameters { values, host: std::ptr::null() }
    }
}

/// Saves what it is given, or puts in its place what was saved.
pub struct Archive<'a>(&'a mut dyn FnMut(&mut [u8]) -> i32);

impl Archive<'_> {
    pub fn whole(&mut self, x: &mut u64) -> Result<(), String> {
        let mut bytes = x.to_ne_bytes();
        if (self.0)(&mut bytes) != OK {
            return Err("the state cannot be written, or is cut short".to_string());
        }
        *x = u64::from_ne_bytes(bytes);
        Ok(())
    }
    pub fn number(&mut self, x: &mut f64) -> Result<(), String> {
        let mut bits = x.to_bits();
        self.whole(&mut bits)?;
        *x = f64::from_bits(bits);
        Ok(())
    }
}

/// An error ends the run.
pub trait Rule: Sized {
    const ID: &'static [u8]; // ends with \0
    const VERSION: &'static [u8]; // ends with \0
    const SIGNALS: u64; // bit(PRE) | ...
    const GRAIN: u32;
    const SCOPE: u32 = SCOPE_LOCAL;
    const CAPS: u64 = CAPS;
    fn new(parameters: &Parameters) -> Self;
    /// Memory that depends on the shape is allocated here. All updates are forgotten.
    fn prepare(&mut self, _shape: &Shape) -> Result<(), String> {
        self.reset();
        Ok(())
    }
    /// Adds the proposed change to each delta (outputs x inputs): a rule of local scope has one.
    fn update(&mut self, block: &Block, deltas: &mut [Matrix]) -> Result<(), String>;
    /// Forgets all updates.
    fn reset(&mut self) {}
    /// All that is remembered from one update to the next goes through the archive, in one order.
    fn state(&mut self, _archive: &mut Archive) -> Result<(), String> {
        Ok(())
    }
}

pub const fn bit(signal: u32) -> u64 {
    1 << signal
}

fn fail(error: *mut Error, code: i32, message: &str) -> i32 {
    // SAFETY: the host owns the error; it may give none.
    if let Some(error) = unsafe { error.as_mut() } {
        error.code = code;
        let bytes = message.as_bytes();
        let n = bytes.len().min(error.message.len() - 1);
        for (to, from) in error.message.iter_mut().zip(&bytes[..n]) {
            *to = *from as c_char;
        }
        error.message[n] = 0;
    }
    code
}

fn guarded<F: FnOnce() -> Result<(), (i32, String)>>(error: *mut Error, f: F) -> i32 {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(Ok(())) => OK,
        Ok(Err((code, message))) => fail(error, code, &message),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            fail(error, INTERNAL, text.unwrap_or("the rule panicked"))
        }
    }
}

unsafe extern "C" fn prepare<R: Rule>(
    this: *mut c_void,
    shape: *const Shape,
    error: *mut Error,
) -> i32 {
    guarded(error, || (*this.cast::<R>()).prepare(&*shape).map_err(|text| (UNSUPPORTED, text)))
}

unsafe extern "C" fn update<R: Rule>(
    this: *mut c_void,
    block: *const Block,
    deltas: *mut Matrix,
    n: u64,
    error: *mut Error,
) -> i32 {
    guarded(error, || {
        let deltas = std::slice::from_raw_parts_mut(deltas, n as usize);
        (*this.cast::<R>()).update(&*block, deltas).map_err(|text| (UNSUPPORTED, text))
    })
}

unsafe extern "C" fn reset<R: Rule>(this: *mut c_void) {
    guarded(std::ptr::null_mut(), || {
        (*this.cast::<R>()).reset();
        Ok(())
    });
}

unsafe extern "C" fn save<R: Rule>(
    this: *mut c_void,
    write: Write,
    ctx: *mut c_void,
    error: *mut Error,
) -> i32 {
    guarded(error, || {
        let mut bytes = |b: &mut [u8]| write(ctx, b.as_ptr().cast(), b.len() as u64);
        (*this.cast::<R>()).state(&mut Archive(&mut bytes)).map_err(|text| (INTERNAL, text))
    })
}

unsafe extern "C" fn load<R: Rule>(
    this: *mut c_void,
    read: Read,
    ctx: *mut c_void,
    error: *mut Error,
) -> i32 {
    guarded(error, || {
        let mut bytes = |b: &mut [u8]| read(ctx, b.as_mut_ptr().cast(), b.len() as u64);
        (*this.cast::<R>()).state(&mut Archive(&mut bytes)).map_err(|text| (INVALID_ARGUMENT, text))
    })
}

struct Extensions<R>(R);

impl<R: Rule> Extensions<R> {
    const STATE: StateTable = StateTable {
        struct_size: std::mem::size_of::<StateTable>() as u32,
        reserved: 0,
        save: save::<R>,
        load: load::<R>,
    };
}

unsafe extern "C" fn get_extension<R: Rule>(
    _this: *mut c_void,
    id: *const c_char,
) -> *const c_void {
    let state: &'static StateTable = &Extensions::<R>::STATE;
    if CStr::from_ptr(id).to_bytes() == b"deltaw.state/1" {
        state as *const StateTable as *const c_void
    } else {
        std::ptr::null()
    }
}

unsafe extern "C" fn destroy<R: Rule>(this: *mut c_void) {
    drop(Box::from_raw(this.cast::<R>()));
}

pub unsafe extern "C" fn create<R: Rule>(
    host: *const Host,
    id: *const c_char,
    params: *const Param,
    n: u64,
    out: *mut RuleTable,
    error: *mut Error,
) -> i32 {
    guarded(error, || {
        if CStr::from_ptr(id).to_bytes_with_nul() != R::ID {
            return Err((INVALID_ARGUMENT, "this plugin has no such rule".to_string()));
        }
        let mut values = HashMap::new();
        for i in 0..n as usize {
            let param = &*params.add(i);
            let name = CStr::from_ptr(param.name).to_string_lossy().into_owned();
            match param.kind {
                1 => values.insert(name, f64::from_bits(param.value)),
                2 | 3 => values.insert(name, param.value as i64 as f64),
                _ => None,
            };
        }
        out.write(RuleTable {
            struct_size: std::mem::size_of::<RuleTable>() as u32,
            reserved: 0,
            this: Box::into_raw(Box::new(R::new(&Parameters { values, host }))).cast(),
            prepare: prepare::<R>,
            observe: None,
            update: update::<R>,
            reset: reset::<R>,
            get_extension: Some(get_extension::<R>),
            destroy: destroy::<R>,
        });
        Ok(())
    })
}

pub const fn info<R: Rule>() -> RuleInfo {
    RuleInfo {
        struct_size: std::mem::size_of::<RuleInfo>() as u32,
        scope: R::SCOPE,
        id: R::ID.as_ptr() as *const c_char,
        version: R::VERSION.as_ptr() as *const c_char,
        caps: R::CAPS,
        signals: R::SIGNALS,
        grain: R::GRAIN,
        reserved: 0,
    }
}

pub const fn plugin<R: Rule>(rule_info: extern "C" fn(u32) -> *const RuleInfo) -> Plugin {
    Plugin {
        struct_size: std::mem::size_of::<Plugin>() as u32,
        abi_major: 1,
        abi_minor_needed: 0,
        n_rules: 1,
        rule_info,
        create: create::<R>,
    }
}

/// Exports the rule: the last line of a plugin.
#[macro_export]
macro_rules! deltaw_plugin {
    ($rule:ty) => {
        extern "C" fn deltaw_rule_info(index: u32) -> *const deltaw::RuleInfo {
            static INFO: deltaw::RuleInfo = deltaw::info::<$rule>();
            if index == 0 { &INFO } else { std::ptr::null() }
        }
        #[no_mangle]
        pub extern "C" fn deltaw_plugin_entry() -> *const deltaw::Plugin {
            static PLUGIN: deltaw::Plugin = deltaw::plugin::<$rule>(deltaw_rule_info);
            &PLUGIN
        }
    };
}
