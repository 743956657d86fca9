impl RobotWalk {
    pub fn walk(&self, commands: &str) -> (isize, isize) {
        let mut place = (0, 0);
        let mut facing = (0, 1);
        for command in commands.chars() {
            match command {
                'F' => place = (place.0 + facing.0, place.1 + facing.1),
                'L' => facing = (-facing.1, facing.0),
                'R' => facing = (facing.1, -facing.0),
                _ => {}
            }
        }
        place
    }
}
