//! What the driver says of NVIDIA's cards, read through its own library (NVML).
//!
//! The library is opened when it is asked, so that the program starts where there is none. A broken driver can
//! hang in any call, so none is made on a thread that anybody waits for: the engine's readings come from one of
//! their own, and the kernel, which never opens the library, shows only readings that are young.

use std::ffi::OsStr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use nvml_wrapper::enum_wrappers::device::{ComputeMode, TemperatureSensor};
use nvml_wrapper::error::NvmlError;
use nvml_wrapper::{Device, Nvml};

use crate::engine::outbox::Outbox;
use crate::wire::engine::FromEngine;
use crate::wire::memory::{Gpu, Gpus};

/// From one reading to the next.
const EVERY: Duration = Duration::from_secs(2);

/// The second is there only where developers' packages are.
const LIBRARIES: [&str; 2] = ["libnvidia-ml.so.1", "libnvidia-ml.so"];

/// Tells the kernel now and from then on, where there are cards; once, where there are none.
pub fn watch(outbox: Outbox) {
    let body = move || {
        let driver = match open() {
            Ok(driver) => driver,
            Err(error) => return outbox.send(&FromEngine::Gpus(none(&error))),
        };
        while !outbox.is_closed() {
            let gpus = read(&driver);
            let more = !gpus.cards.is_empty();
            outbox.send(&FromEngine::Gpus(gpus));
            if !more {
                return;
            }
            std::thread::sleep(EVERY);
        }
    };
    // Without the thread there are no readings, and nothing else is missing.
    let _ = std::thread::Builder::new()
        .name("gpus".to_owned())
        .spawn(body);
}

/// One reading, or none when the driver takes longer than `patience`: its thread is then left behind.
pub fn look(patience: Duration) -> Gpus {
    let (sender, answer) = mpsc::channel();
    let body = move || {
        let gpus = open().map_or_else(|error| none(&error), |driver| read(&driver));
        // Nobody waits any more when it took too long.
        let _ = sender.send(gpus);
    };
    let spawned = std::thread::Builder::new().spawn(body);
    let heard = match spawned {
        Ok(_) => answer.recv_timeout(patience),
        Err(_) => Err(RecvTimeoutError::Disconnected),
    };
    heard.unwrap_or_else(|_| Gpus {
        missing: Some(format!(
            "the NVIDIA driver has not answered for {} s",
            patience.as_secs()
        )),
        ..Gpus::default()
    })
}

fn open() -> Result<Nvml, NvmlError> {
    let mut first = None;
    for library in LIBRARIES {
        match Nvml::builder().lib_path(OsStr::new(library)).init() {
            Err(NvmlError::LibloadingError(error)) => {
                first.get_or_insert(NvmlError::LibloadingError(error));
            }
            opened => return opened,
        }
    }
    Err(first.unwrap_or(NvmlError::LibraryNotFound))
}

fn none(error: &NvmlError) -> Gpus {
    let missing = match error {
        NvmlError::LibloadingError(_) | NvmlError::LibraryNotFound => {
            "no NVIDIA driver is installed".to_owned()
        }
        NvmlError::DriverNotLoaded => "the NVIDIA driver is not loaded".to_owned(),
        NvmlError::LibRmVersionMismatch => {
            "the NVIDIA driver was updated and not loaded anew: restart the machine".to_owned()
        }
        other => format!("the NVIDIA driver does not work: {other}"),
    };
    Gpus {
        missing: Some(missing),
        ..Gpus::default()
    }
}

fn read(driver: &Nvml) -> Gpus {
    let count = match driver.device_count() {
        Ok(count) => count,
        Err(error) => return none(&error),
    };
    Gpus {
        driver: driver.sys_driver_version().ok(),
        cards: (0..count).map(|number| card(driver, number)).collect(),
        missing: (count == 0).then(|| "the NVIDIA driver finds no card".to_owned()),
    }
}

/// A card that cannot be asked at all still has its place.
fn card(driver: &Nvml, number: u32) -> Gpu {
    let device = match driver.device_by_index(number) {
        Ok(device) => device,
        Err(error) => {
            return Gpu {
                name: format!("card {number}: {error}"),
                ..Gpu::default()
            };
        }
    };
    let memory = device.memory_info().ok();
    Gpu {
        name: device.name().unwrap_or_else(|_| format!("card {number}")),
        memory_total: memory.as_ref().map(|memory| memory.total),
        memory_used: memory.map(|memory| memory.used),
        busy_percent: device.utilization_rates().ok().map(|rates| rates.gpu),
        celsius: device.temperature(TemperatureSensor::Gpu).ok(),
        milliwatts: device.power_usage().ok(),
        most_milliwatts: device.enforced_power_limit().ok(),
        compute_mode: compute_mode(&device).map(str::to_owned),
    }
}

fn compute_mode(device: &Device<'_>) -> Option<&'static str> {
    Some(match device.compute_mode().ok()? {
        ComputeMode::Default => "default",
        ComputeMode::ExclusiveThread => "exclusive thread",
        ComputeMode::ExclusiveProcess => "exclusive process",
        ComputeMode::Prohibited => "prohibited",
    })
}
