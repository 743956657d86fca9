impl BracketDoctor {
    pub fn lonely(&self, text: String) -> Vec<isize> {
        let mut open = Vec::new();
        let mut alone = Vec::new();
        for (index, letter) in text.chars().enumerate() {
            if letter == '(' {
                open.push(index as isize);
            } else if letter == ')' && open.pop().is_none() {
                alone.push(index as isize);
            }
        }
        alone.extend(open);
        alone.sort();
        alone
    }
}
