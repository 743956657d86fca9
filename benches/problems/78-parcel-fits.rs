impl Parcels {
    pub fn fits(&self, parcel: (u64, u64, u64), carton: (u64, u64, u64)) -> bool {
        let mut inner = [parcel.0, parcel.1, parcel.2];
        let mut outer = [carton.0, carton.1, carton.2];
        inner.sort();
        outer.sort();
        inner.iter().zip(outer.iter()).all(|(a, b)| a <= b)
    }
}
